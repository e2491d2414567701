using System;
using System.Text;
using System.Text.Json;
using Vrrpd.Core.Config;
using Xunit;

namespace Vrrpd.Core.Tests.Config.Check;

/// <summary>JSON that every reader takes, whatever stands in the configuration.</summary>
public class JsonWriterTests
{
    [Fact]
    public void Objects_and_arrays_are_indented_and_end_with_a_line()
    {
        JsonWriter json = new();
        json.BeginObject().Member("a", 1).Name("b").BeginArray().Value("x").Value(true).BeginObject().EndObject().EndArray();
        json.Name("c").BeginArray().EndArray().Member("d", false).EndObject();
        Assert.Equal("{\n  \"a\": 1,\n  \"b\": [\n    \"x\",\n    true,\n    {}\n  ],\n  \"c\": [],\n  \"d\": false\n}\n", json.ToString());
    }

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("a\"b\\c/d", "\"a\\\"b\\\\c/d\"")]
    [InlineData("\n\r\t\b\f", "\"\\n\\r\\t\\b\\f\"")]
    [InlineData("\0\u001b[31m\u007f\u009b", "\"\\u0000\\u001b[31m\\u007f\\u009b\"")]
    [InlineData("äöü 表示 🙂", "\"äöü 表示 🙂\"")]
    [InlineData("\u2028\u2029", "\"\\u2028\\u2029\"")]
    [InlineData("", "\"\"")]
    public void Text_is_escaped(string text, string expected)
    {
        Assert.Equal(expected + "\n", new JsonWriter().Value(text).ToString());
    }

    [Fact]
    public void A_byte_that_is_no_text_becomes_the_replacement_character()
    {
        Assert.Equal("\"a\ufffdb\ufffd\"\n", new JsonWriter().Value("a\udcffb\ud83d").ToString());
    }

    [Fact]
    public void Whatever_bytes_a_file_has_another_reader_understands_it()
    {
        Random random = new(4);
        for (int round = 0; round < 500; round++)
        {
            byte[] bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            string text = ConfigText.Decode(bytes);
            using JsonDocument read = JsonDocument.Parse(new JsonWriter().BeginObject().Member(text, text).EndObject().ToString());
            JsonProperty member = Assert.Single(read.RootElement.EnumerateObject());
            Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), member.Value.GetString());
        }
    }

    [Fact]
    public void The_ends_of_the_numbers_are_written_whole()
    {
        Assert.Equal($"{long.MinValue}\n", new JsonWriter().Value(long.MinValue).ToString());
        Assert.Equal($"{long.MaxValue}\n", new JsonWriter().Value(long.MaxValue).ToString());
    }
}
