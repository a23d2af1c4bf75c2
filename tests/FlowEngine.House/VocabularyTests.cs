using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Xunit;

namespace FlowEngine.House;

/// <summary>The rooms that know nothing of markets do not speak of them.</summary>
public sealed partial class VocabularyTests
{
    private static readonly HashSet<string> s_marketWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "Ask", "Asks", "Bid", "Bids", "Instrument", "Instruments", "Liquidation", "Liquidations", "Lots", "Market",
        "Markets", "Orderbook", "Price", "Prices", "Quote", "Quotes", "Ticker", "Trade", "Trades", "Venue", "Venues",
    };

    [Theory]
    [InlineData("Bid", true)]
    [InlineData("_askPrice", true)]
    [InlineData("VENUE_ID", true)]
    [InlineData("mask", false)]
    [InlineData("TaskMask", false)]
    [InlineData("ForbiddenBits", false)]
    public void A_market_word_is_found_as_a_whole_word_only(string identifier, bool expected) =>
        Assert.Equal(expected, SpeaksOfMarkets(identifier));

    [Fact]
    public void Core_and_the_standard_protocols_know_nothing_of_markets()
    {
        Offenders offenders = new("Market words below the market's floor");
        foreach (SourceFile file in Repository.Src.Where(file => IsProtocol(file.Project)))
        {
            foreach (SyntaxToken token in file.Identifiers.Where(token => SpeaksOfMarkets(token.ValueText)))
            {
                offenders.Add(file, SourceFile.LineOf(token), token.ValueText, token.ValueText);
            }
        }

        offenders.AssertNone();
    }

    private static bool IsProtocol(string project) =>
        project is "FlowEngine.Core" or "FlowEngine.Disruptor"
        || project.StartsWith("FlowEngine.Sbe", StringComparison.Ordinal)
        || project.StartsWith("FlowEngine.Aeron", StringComparison.Ordinal);

    private static bool SpeaksOfMarkets(string identifier) =>
        Word().Matches(identifier).Any(match => s_marketWords.Contains(match.Value));

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Word();
}
