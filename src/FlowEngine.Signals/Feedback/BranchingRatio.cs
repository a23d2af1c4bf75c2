using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// L3: n = 1 - √(mean / variance) of the counts in windows much longer than the memory of the process; 0 to below 1,
/// and 0 where counts are no more uneven than chance. Told for windows of W, 4W and 16W: a value that rises with W is
/// drift, not reflexivity. Hardiman &amp; Bouchaud (2014).
/// </summary>
public sealed class BranchingRatio
{
    private const int Step = 4;
    private const long LeastWindows = 10;

    private readonly CountWindows _short;
    private readonly CountWindows _middle;
    private readonly CountWindows _long;

    /// <summary>Nothing counted.</summary>
    /// <param name="windowNs">W; 10 s by default.</param>
    /// <param name="windows">Windows looked back at each scale.</param>
    public BranchingRatio(long windowNs, int windows)
    {
        _short = new CountWindows(windowNs, windows);
        _middle = new CountWindows(windowNs * Step, windows);
        _long = new CountWindows(windowNs * Step * Step, windows);
    }

    /// <summary>An event.</summary>
    [Hot]
    public void Add(long nowNs)
    {
        _short.Add(1, nowNs);
        _middle.Add(1, nowNs);
        _long.Add(1, nowNs);
    }

    /// <summary>Closes the windows that ended: on timers.</summary>
    [Hot]
    public void Pass(long nowNs)
    {
        _short.Pass(nowNs);
        _middle.Pass(nowNs);
        _long.Pass(nowNs);
    }

    /// <summary>n at the three scales.</summary>
    /// <returns>LowSamples where the shortest scale has fewer than ten windows, or no more variance than
    /// chance.</returns>
    [Hot]
    public ValidityFlags Read(out double ofShort, out double ofMiddle, out double ofLong)
    {
        ValidityFlags flags = Of(_short.Mean, _short.Variance, out ofShort);
        Of(_middle.Mean, _middle.Variance, out ofMiddle);
        Of(_long.Mean, _long.Variance, out ofLong);
        return flags | (_short.Windows >= LeastWindows ? ValidityFlags.None : ValidityFlags.LowSamples);
    }

    /// <summary>The formula itself.</summary>
    [Hot]
    public static ValidityFlags Of(double mean, double variance, out double ratio)
    {
        bool known = mean > 0 && variance > mean;
        ratio = known ? 1 - Math.Sqrt(mean / variance) : 0;
        return known ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    /// <summary>
    /// Spectral radius of a branching matrix of two streams, [own, cross; cross, own], none below 0: what feeds itself
    /// through both.
    /// </summary>
    [Hot]
    public static double SpectralRadius(double n11, double n12, double n21, double n22)
    {
        // (trace² - 4 determinant) = (n11 - n22)² + 4 n12 n21, never below 0.
        double difference = n11 - n22;
        return (n11 + n22 + Math.Sqrt(difference * difference + 4 * n12 * n21)) / 2;
    }
}
