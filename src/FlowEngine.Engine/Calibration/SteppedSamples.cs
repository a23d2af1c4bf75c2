using FlowEngine.Core;

namespace FlowEngine.Engine;

/// <summary>
/// Samples go straight into the calibrator, which ingress then steps at each boundary while the engine thread has
/// nothing to do: none is dropped, so that two runs are equal. Engine thread only.
/// </summary>
[Hot]
public readonly struct SteppedSamples : ISampleSink
{
    private readonly Calibrator _calibrator;
    private readonly EngineTotals _totals;

    /// <summary>Feeds <paramref name="calibrator"/>.</summary>
    public SteppedSamples(Calibrator calibrator, EngineTotals totals)
    {
        _calibrator = calibrator;
        _totals = totals;
    }

    /// <inheritdoc/>
    public static bool TakesBoundaries => false;

    /// <inheritdoc/>
    public bool TryTake(in CalibrationSample sample)
    {
        if (!_calibrator.Knows(sample.InstrumentId))
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            _calibrator.Take(in sample);
            _totals.SetUpBytes += GC.GetAllocatedBytesForCurrentThread() - before;
            return true;
        }

        _calibrator.Take(in sample);
        return true;
    }
}
