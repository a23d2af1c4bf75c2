using System.Text.Json.Serialization;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// Everything that shapes the engine's values and bounds: the whole configuration file. Deployment (directories,
/// channels, digest) is not part of it.
/// </summary>
public sealed record EngineOptions
{
    /// <summary>Events the ring between ingress and engine holds; a power of two, 16384 to 16777216.</summary>
    public int RingCapacity { get; init; } = 65536;

    /// <summary>Most instruments the engine will ever know, 1 to 100000.</summary>
    public int InstrumentCapacity { get; init; } = 1024;

    /// <summary>
    /// An instrument without a venue event for this long is flagged STALE, milliseconds, 100 to 86400000.
    /// </summary>
    public int StaleAfterMs { get; init; } = 2000;

    /// <summary>Which compiled signal set runs: <c>touch</c>, <c>default</c> or <c>full</c>.</summary>
    public string SignalSet { get; init; } = SignalSets.Default;

    /// <summary>Bounds of the books.</summary>
    public BookOptions Books { get; init; } = new();

    /// <summary>Parameters of the signals.</summary>
    public SignalOptions Signals { get; init; } = new();

    /// <summary>Parameters of what a set has beyond the touch.</summary>
    public SetOptions Sets { get; init; } = new();

    /// <summary>When and from how much slow work finds parameters of the set.</summary>
    public CalibrationOptions Calibration { get; init; } = new();

    /// <summary>Whether slow work is done at all: asked for, and the set has something to calibrate.</summary>
    [JsonIgnore]
    public bool IsCalibrated =>
        Calibration.IntervalSeconds > 0 && SignalSets.VersionOf(SignalSet) != TouchSet.Version;

    /// <summary>
    /// Faults of these options, one line each with value and allowed range; empty when they are good.
    /// </summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (RingCapacity is < 16384 or > 16_777_216 || (RingCapacity & (RingCapacity - 1)) != 0)
        {
            faults.Add($"ringCapacity is {RingCapacity}: use a power of two from 16384 to 16777216");
        }

        if (InstrumentCapacity is < 1 or > 100_000)
        {
            faults.Add($"instrumentCapacity is {InstrumentCapacity}: use 1 to 100000");
        }

        if (StaleAfterMs is < 100 or > 86_400_000)
        {
            faults.Add($"staleAfterMs is {StaleAfterMs}: use 100 to 86400000");
        }

        if (SignalSets.VersionOf(SignalSet) == 0)
        {
            faults.Add($"signalSet is '{SignalSet}': use {string.Join(" or ", SignalSets.Names)}");
        }

        faults.AddRange(Calibration.Faults());
        Take(faults, Signals.Validate);
        Take(faults, Sets.Validate);
        return faults;
    }

    private static void Take(List<string> faults, Action validate)
    {
        try
        {
            validate();
        }
        catch (ArgumentException exception)
        {
            faults.Add(exception.Message);
        }
    }
}
