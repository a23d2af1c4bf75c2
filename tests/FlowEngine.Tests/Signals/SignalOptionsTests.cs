using System.Text.Json;
using FlowEngine.Signals;
using Xunit;

namespace FlowEngine.Tests.Signals;

public class SignalOptionsTests
{
    [Fact]
    public void Defaults_are_valid() => new SignalOptions().Validate();

    [Fact]
    public void All_faults_are_reported_together_with_name_value_and_range()
    {
        var options = new SignalOptions
        {
            OfiHalfLifeNs = 0,
            BandBps = [5, 5, 25, 10_001],
            SweepPercents = [10, 20],
            SweepLots = [1, 2, 3, 4, 4],
            MaxWalkLevels = 9,
        };
        ArgumentException error = Assert.Throws<ArgumentException>(options.Validate);
        foreach (string part in (string[])
            [
                "OfiHalfLifeNs is 0, must be from 1", "BandBps[1] is 5", "BandBps[3] is 10001",
                "SweepPercents has 2 values, must have 5", "SweepLots[4] is 4", "MaxWalkLevels is 9, must be from 10",
            ])
        {
            Assert.Contains(part, error.Message);
        }
    }

    [Fact]
    public void Signals_refuse_options_out_of_range() =>
        Assert.Throws<ArgumentException>(() => Fixtures.Start(new SignalOptions { FallbackDepthMultiple = 0 }));

    [Fact]
    public void Options_survive_a_round_trip_through_JSON()
    {
        var options = new SignalOptions { OfiHalfLifeNs = 5, BandBps = [1, 2, 3, 4], SweepLots = [1, 2, 3, 4, 5] };
        SignalOptions read = JsonSerializer.Deserialize<SignalOptions>(JsonSerializer.Serialize(options))!;
        Assert.Equal(JsonSerializer.Serialize(options), JsonSerializer.Serialize(read));
        Assert.Equal([1, 2, 3, 4, 5], read.SweepLots!);
        Assert.Equal(5, read.OfiHalfLifeNs);
    }
}
