using System;
using Xunit;

namespace Vrrpd.Core.Tests;

public class IpTests
{
    [Theory]
    [InlineData("10.10.30.0", "10.10.30.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("fe80::1", "fe80::1")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("2001:0DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8")]
    [InlineData("::ffff:192.0.2.1", "::ffff:c000:201")]
    [InlineData("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8")]
    public void Text_becomes_an_address_and_back(string text, string canonical)
    {
        Assert.True(Ip.TryParse(text, out Ip ip));
        Assert.Equal(canonical, ip.ToString());
        byte[] bytes = new byte[16];
        Assert.Equal(ip, Ip.Read(bytes.AsSpan(0, ip.Write(bytes))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.")]
    [InlineData("1..3.4")]
    [InlineData("0001.2.3.4")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("1:")]
    public void What_is_no_address_is_refused(string text)
    {
        Assert.False(Ip.TryParse(text, out _));
    }

    [Fact]
    public void Order_is_unsigned_network_order()
    {
        Assert.True(Ip.FromV4(200, 0, 0, 1).CompareTo(Ip.FromV4(10, 0, 0, 1)) > 0);
    }
}
