using Xunit;

namespace Vrrpd.Core.Tests.Config;

/// <summary>Lines for one config-id.</summary>
public class GrammarConditionTests
{
    [Theory]
    [InlineData("@main a", "a")]
    [InlineData("@other a", "")]
    [InlineData("@^main a", "")]
    [InlineData("@^other a", "a")]
    [InlineData("  @main\ta b", "a|b")]
    [InlineData("@Main a", "")]
    [InlineData("@mainx a", "")]
    [InlineData("@main $V=x\nv $V", "v|x")]
    [InlineData("@other $V=x\nv $V", "v|$V")]
    [InlineData("@main ~SEQ(i,2) a$i", "a1;a2")]
    [InlineData("@other ~SEQ(i,2) a$i", "")]
    [InlineData("@^other @main a", "@main|a")]
    [InlineData("a @main", "a|@main")]
    public void A_line_counts_only_for_its_config_id(string text, string lines) =>
        Assert.Equal(lines.Split(';', System.StringSplitOptions.RemoveEmptyEntries), Grammar.Data("\n" + text));

    [Theory]
    [InlineData("@main")]
    [InlineData("@ main a")]
    [InlineData("@^ a")]
    [InlineData("@")]
    public void A_condition_without_id_or_text_is_ignored_with_a_word(string line)
    {
        Grammar read = Grammar.InBlock("\n" + line);

        Assert.Single(read.Lines);
        Assert.Equal(["2:1 Condition without text - ignoring the line"], read.Found);
    }

    [Fact]
    public void Lines_of_a_variable_are_tested_when_they_are_used() =>
        Assert.Equal(["a", "b", "d"], Grammar.Data("\n$M=a \\\n@main b \\\n@other c \\\n@^other d\n$M"));

    [Fact]
    public void An_include_may_have_a_condition()
    {
        MemorySource source = new MemorySource().With("/etc/k/a.conf", "a\n").With("/etc/k/b.conf", "b\n");

        Assert.Equal(["a"], Grammar.Data("\n@main include a.conf\n@^main include b.conf", source));
        Assert.DoesNotContain("/etc/k/b.conf", source.Asked);
    }

    [Fact]
    public void A_condition_may_have_a_name() =>
        Assert.Equal(["a"], Grammar.Data("\n$IF_MAIN=@main\n$IF_NOT=@^main\n$IF_MAIN a\n$IF_NOT b"));

    [Fact]
    public void A_host_without_id_serves_lines_for_all_others() =>
        Assert.Equal(["b"], Grammar.Data("\n@main a\n@^main b", id: ""));
}
