using System.Text;
using FlowEngine.Engine;
using FlowEngine.Signals;
using Xunit;

namespace FlowEngine.Tests.Engine;

public sealed class EngineConfigurationTests
{
    [Fact]
    public void An_empty_object_is_the_defaults()
    {
        var options = EngineConfiguration.Read("{}"u8, "test.json");

        Assert.Equal(EngineConfiguration.Canonical(new EngineOptions()), EngineConfiguration.Canonical(options));
    }

    [Fact]
    public void The_canonical_form_reads_back_to_itself()
    {
        var options = new EngineOptions { StaleAfterMs = 750, RingCapacity = 32768 };
        var canonical = EngineConfiguration.Canonical(options);

        Assert.Equal(canonical, EngineConfiguration.Canonical(EngineConfiguration.Read(canonical, "canonical")));
    }

    [Fact]
    public void Order_spaces_and_comments_do_not_change_the_hash_but_a_value_does()
    {
        var one = EngineConfiguration.Read("{\"staleAfterMs\":500,\"ringCapacity\":32768}"u8, "one");
        var same = EngineConfiguration.Read("{ \"ringCapacity\": 32768, /* why */ \"staleAfterMs\": 500, }"u8, "same");
        var other = EngineConfiguration.Read("{\"staleAfterMs\":501,\"ringCapacity\":32768}"u8, "other");

        Assert.Equal(EngineConfiguration.Hash(one), EngineConfiguration.Hash(same));
        Assert.NotEqual(EngineConfiguration.Hash(one), EngineConfiguration.Hash(other));
    }

    [Fact]
    public void Known_positions_are_read_and_are_parameters()
    {
        var options = EngineConfiguration.Read(
            "{\"sets\":{\"positions\":[{\"symbol\":\"BTC-PERPETUAL\",\"price\":25000.5,\"lots\":-3}]}}"u8, "own");

        Assert.Equal([new KnownPosition("BTC-PERPETUAL", 25000.5, -3)], options.Sets.Positions);
        Assert.NotEqual(EngineConfiguration.Hash(new EngineOptions()), EngineConfiguration.Hash(options));
    }

    [Theory]
    [InlineData("{\"sets\":{\"positions\":[{\"symbol\":\"A\",\"price\":1,\"lots\":0}]}}", "Positions[0]")]
    [InlineData("{\"ringCapacity\": 1000}", "ringCapacity is 1000")]
    [InlineData("{\"instrumentCapacity\": 0}", "instrumentCapacity is 0")]
    [InlineData("{\"staleAfterMs\": 1}", "staleAfterMs is 1")]
    [InlineData("{\"ringCapcity\": 65536}", "ringCapcity")]
    [InlineData("{\"books\": {\"levelsPerSide\": 0}}", "levelsPerSide")]
    [InlineData("{\"signals\": {\"ofiHalfLifeNs\": 0}}", "OfiHalfLifeNs")]
    [InlineData("{", "line 1")]
    [InlineData("null", "JSON object")]
    public void A_fault_is_one_line_that_names_the_file_and_the_value(string json, string named)
    {
        var fault = Assert.Throws<EngineConfigurationException>(
            () => EngineConfiguration.Read(Encoding.UTF8.GetBytes(json), "engine.json"));

        Assert.StartsWith("engine.json", fault.Message, StringComparison.Ordinal);
        Assert.Contains(named, fault.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\n', fault.Message);
    }
}
