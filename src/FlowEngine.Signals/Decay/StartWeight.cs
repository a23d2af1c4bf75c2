using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// Weight of a new sample among those so far: (1 - d(dt)) / (1 - d(elapsed)). The divisor goes to 1; before, it spreads
/// the weight evenly over what was watched, where 1 - d(dt) alone would leave the first sample nearly all of it and the
/// variance near 0 for minutes.
/// </summary>
internal static class StartWeight
{
    /// <summary>The weight, 0 to 1.</summary>
    /// <param name="halfLife">Of old samples.</param>
    /// <param name="sinceLastNs">Time since the sample before.</param>
    /// <param name="sinceFirstNs">Time since the first.</param>
    [Hot]
    public static double Of(HalfLife halfLife, long sinceLastNs, long sinceFirstNs)
    {
        double all = halfLife.Lost(sinceFirstNs);
        return all > 0 ? Math.Min(1, halfLife.Lost(sinceLastNs) / all) : 0;
    }
}
