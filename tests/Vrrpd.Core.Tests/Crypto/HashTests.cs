using System;
using System.Security.Cryptography;
using System.Text;
using Vrrpd.Core.Crypto;
using Xunit;

namespace Vrrpd.Core.Tests.Crypto;

/// <summary>Vectors of the standards, and the framework's own implementations as a second opinion.</summary>
public class HashTests
{
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void SHA_256_gives_the_examples_of_FIPS_180(string text, string hash) => Assert.Equal(hash, Sha(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void SHA_256_of_a_million_letters_is_that_of_FIPS_180()
    {
        byte[] letters = new byte[1_000_000];
        Array.Fill(letters, (byte)'a');
        Assert.Equal("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", Sha(letters));
    }

    [Theory]
    [InlineData("", "d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("a", "0cc175b9c0f1b6a831c399e269772661")]
    [InlineData("abc", "900150983cd24fb0d6963f7d28e17f72")]
    [InlineData("message digest", "f96b697d7cb7938d525a2f31aaf161d0")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "57edf4a22be3c955ac49da2e2107b67a")]
    public void MD5_gives_the_suite_of_RFC_1321(string text, string hash) => Assert.Equal(hash, Md(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")]
    [InlineData("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    [InlineData("aa*20", "dd*50", "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe")]
    [InlineData("0102030405060708090a0b0c0d0e0f10111213141516171819", "cd*50", "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b")]
    [InlineData("0c*20", "546573742057697468205472756e636174696f6e", "a3b6167473100ee06e0c796c2955552b")]
    [InlineData(
        "aa*131", "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")]
    [InlineData(
        "aa*131",
        "5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65206b657920616e642061206c6172676572207468616e20"
        + "626c6f636b2d73697a6520646174612e20546865206b6579206e6565647320746f20626520686173686564206265666f7265206265696e67207573656420627920746865"
        + "20484d414320616c676f726974686d2e",
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2")]
    public void HMAC_SHA256_gives_the_cases_of_RFC_4231(string key, string data, string code)
    {
        byte[] got = new byte[code.Length / 2];
        HmacSha256 hmac = new(Bytes(key));
        Sha256 hash = hmac.Start();
        hash.Append(Bytes(data));
        hmac.Finish(ref hash, got);
        Assert.Equal(code, Convert.ToHexStringLower(got));
    }

    [Theory]
    [InlineData("0b*16", "4869205468657265", "9294727a3638bb1c13f48ef8158bfc9d")]
    [InlineData("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "750c783e6ab0b503eaa86e310a5db738")]
    [InlineData("aa*16", "dd*50", "56be34521d144c88dbb8c733f0e8b3f6")]
    [InlineData("0102030405060708090a0b0c0d0e0f10111213141516171819", "cd*50", "697eaf0aca3a3aea3a75164746ffaa79")]
    [InlineData("0c*16", "546573742057697468205472756e636174696f6e", "56461ef2342edc00f9bab995690efd4c")]
    [InlineData("0c*16", "546573742057697468205472756e636174696f6e", "56461ef2342edc00f9bab995")]
    [InlineData(
        "aa*80", "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
        "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd")]
    [InlineData(
        "aa*80",
        "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b657920616e64204c6172676572205468616e204f6e6520426c6f636b2d53697a6520"
        + "44617461",
        "6f630fad67cda0ee1fb1f562db3aa53e")]
    public void HMAC_MD5_gives_the_cases_of_RFC_2202(string key, string data, string code)
    {
        byte[] got = new byte[code.Length / 2];
        HmacMd5 hmac = new(Bytes(key));
        Md5 hash = hmac.Start();
        hash.Append(Bytes(data));
        hmac.Finish(ref hash, got);
        Assert.Equal(code, Convert.ToHexStringLower(got));
    }

    [Fact]
    public void Every_length_in_one_piece_or_two_hashes_as_in_the_framework()
    {
        Random random = new(20);
        byte[] data = new byte[300];
        random.NextBytes(data);
        byte[] ours = new byte[32], md5 = new byte[16];
        for (int length = 0; length <= data.Length; length++)
        {
            int cut = random.Next(length + 1);
            Sha256 sha = Sha256.Start();
            sha.Append(data.AsSpan(0, cut));
            sha.Append(data.AsSpan(cut, length - cut));
            sha.Finish(ours);
            Assert.Equal(SHA256.HashData(data.AsSpan(0, length)), ours);
            Md5 md = Md5.Start();
            md.Append(data.AsSpan(0, cut));
            md.Append(data.AsSpan(cut, length - cut));
            md.Finish(md5);
            Assert.Equal(MD5.HashData(data.AsSpan(0, length)), md5);
        }
    }

    [Fact]
    public void Random_keys_and_messages_in_random_pieces_give_the_codes_of_the_framework()
    {
        Random random = new(30);
        byte[] sha = new byte[32], md = new byte[16];
        for (int i = 0; i < 3000; i++)
        {
            byte[] key = new byte[random.Next(150)], data = new byte[random.Next(1200)];
            random.NextBytes(key);
            random.NextBytes(data);
            HmacSha256 hmacSha = new(key);
            HmacMd5 hmacMd = new(key);

            // Twice with one object: a code must leave nothing behind for the next.
            for (int again = 0; again < 2; again++)
            {
                Sha256 a = hmacSha.Start();
                Md5 b = hmacMd.Start();
                for (int at = 0; at < data.Length;)
                {
                    int piece = Math.Min(random.Next(1, 100), data.Length - at);
                    a.Append(data.AsSpan(at, piece));
                    b.Append(data.AsSpan(at, piece));
                    at += piece;
                }

                hmacSha.Finish(ref a, sha);
                hmacMd.Finish(ref b, md);
                Assert.Equal(HMACSHA256.HashData(key, data), sha);
                Assert.Equal(HMACMD5.HashData(key, data), md);
            }
        }
    }

    [Fact]
    public void A_code_allocates_nothing()
    {
        HmacSha256 sha = new([1, 2, 3]);
        HmacMd5 md = new([1, 2, 3]);
        byte[] data = new byte[1100], code = new byte[32];
        Turn();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Turn();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Turn()
        {
            Sha256 a = sha.Start();
            a.Append(data);
            sha.Finish(ref a, code);
            Md5 b = md.Start();
            b.Append(data);
            md.Finish(ref b, code);
        }
    }

    [Fact]
    public void Equal_is_equal_and_one_bit_anywhere_is_not()
    {
        byte[] left = [1, 2, 3, 4], right = [1, 2, 3, 4];
        Assert.True(ConstantTime.AreEqual(left, right));
        Assert.True(ConstantTime.AreEqual([], []));
        Assert.False(ConstantTime.AreEqual(left, right.AsSpan(0, 3)));
        for (int bit = 0; bit < 32; bit++)
        {
            right[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(ConstantTime.AreEqual(left, right));
            right[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    private static string Sha(byte[] data)
    {
        byte[] hash = new byte[Sha256.HashLength];
        Sha256 sha = Sha256.Start();
        sha.Append(data);
        sha.Finish(hash);
        return Convert.ToHexStringLower(hash);
    }

    private static string Md(byte[] data)
    {
        byte[] hash = new byte[Md5.HashLength];
        Md5 md = Md5.Start();
        md.Append(data);
        md.Finish(hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>"aa*20": twenty times that byte.</summary>
    private static byte[] Bytes(string hex)
    {
        int star = hex.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return Convert.FromHexString(hex);
        }

        byte[] bytes = new byte[int.Parse(hex[(star + 1)..], System.Globalization.CultureInfo.InvariantCulture)];
        Array.Fill(bytes, Convert.FromHexString(hex[..star])[0]);
        return bytes;
    }
}
