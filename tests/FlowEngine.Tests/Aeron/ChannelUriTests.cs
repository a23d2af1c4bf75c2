using CsCheck;
using FlowEngine.Aeron;
using Xunit;

namespace FlowEngine.Tests.Aeron;

public sealed class ChannelUriTests
{
    [Fact]
    public void A_channel_is_taken_apart()
    {
        var uri = ChannelUri.Parse(
            "aeron:ipc?term-length=64k|mtu=8k|session-id=-7|linger=500ms|tether=false|alias=a=b|unknown=x");
        Assert.True(uri.IsIpc);
        Assert.Equal((65536L, 8192L, -7, 500_000_000L), (
            uri.Size("term-length"), uri.Size("mtu"), uri.Int32("session-id"), uri.DurationNs("linger")));
        Assert.False(uri.Bool("tether"));
        Assert.Equal(("a=b", "x", null), (uri.Alias, uri["unknown"], uri["endpoint"]));
        Assert.Null(uri.Int64("init-term-id"));
    }

    [Theory]
    [InlineData("aeron:ipc", true, false)]
    [InlineData("aeron-spy:aeron:ipc", false, true)]
    [InlineData("aeron:udp?endpoint=localhost:40123", false, false)]
    [InlineData("aeron-spy:aeron:udp?endpoint=[::1]:40123", false, true)]
    public void Media_and_spies_are_told_apart(string text, bool isIpc, bool isSpy)
    {
        var uri = ChannelUri.Parse(text);
        Assert.Equal((isIpc, isSpy, text), (uri.IsIpc, uri.IsSpy, uri.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ipc")]
    [InlineData("aeron:")]
    [InlineData("aeron:tcp?endpoint=x")]
    [InlineData("aeron:udp")]
    [InlineData("Aeron:ipc")]
    [InlineData("aeron:ipc?")]
    [InlineData("aeron:ipc?a")]
    [InlineData("aeron:ipc?=b")]
    [InlineData("aeron:ipc?a=b|")]
    [InlineData("aeron:ipc?a=b||c=d")]
    [InlineData("aeron-spy:ipc")]
    public void What_is_no_channel_is_refused_with_a_reason(string text)
    {
        Assert.False(ChannelUri.TryParse(text, out _, out var error));
        Assert.NotEmpty(error);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("1ns", 1)]
    [InlineData("2us", 2_000)]
    [InlineData("3ms", 3_000_000)]
    [InlineData("4s", 4_000_000_000)]
    public void Durations_have_units(string text, long expected) =>
        Assert.Equal(expected, ChannelUri.Parse($"aeron:ipc?linger={text}").DurationNs("linger"));

    [Theory]
    [InlineData("x")]
    [InlineData("-1k")]
    [InlineData("k")]
    [InlineData("9999999999g")]
    public void A_bad_size_is_refused(string text) =>
        Assert.Throws<FormatException>(() => ChannelUri.Parse($"aeron:ipc?mtu={text}").Size("mtu"));

    [Fact]
    public void A_parameter_can_be_added() => Assert.Equal(
        "aeron:ipc?mtu=1k|tether=false", ChannelUri.Parse("aeron:ipc?mtu=1k").With("tether", "false").ToString());

    [Fact]
    public void No_text_breaks_the_parser() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["aeron:ipcudspy?=|-k"], 0, 40]).Sample(text =>
        {
            if (ChannelUri.TryParse(text, out var uri, out var error))
            {
                Assert.Equal(text, uri.ToString());
            }
            else
            {
                Assert.NotEmpty(error);
            }
        });
}
