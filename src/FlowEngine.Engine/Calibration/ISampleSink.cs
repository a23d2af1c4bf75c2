namespace FlowEngine.Engine;

/// <summary>Where the engine thread leaves samples. A struct type argument, so that it costs no call.</summary>
public interface ISampleSink
{
    /// <summary>Whether it has to be told of the schedule's boundaries.</summary>
    static abstract bool TakesBoundaries { get; }

    /// <summary>Takes a sample, or drops and counts it where there is no room; never waits.</summary>
    bool TryTake(in CalibrationSample sample);
}
