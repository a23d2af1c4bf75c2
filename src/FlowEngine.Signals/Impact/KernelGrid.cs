using System.Runtime.CompilerServices;

namespace FlowEngine.Signals;

/// <summary>One value for each term of the fitted kernel, shortest first.</summary>
[InlineArray(KernelGrid.Terms)]
public struct PerKernelTerm
{
    private double _first;
}

/// <summary>
/// The decay times that M8 is fitted over, even in their logarithm: 0.1 s, 0.5 s, 2.5 s, 12.5 s, 62.5 s, 312.5 s. What
/// lasts longer counts as permanent, and what fades faster no feed of 100 ms would show.
/// </summary>
public static class KernelGrid
{
    /// <summary>K.</summary>
    public const int Terms = 6;

    /// <summary>τ_k, seconds.</summary>
    public static ReadOnlySpan<double> TausSeconds => [0.1, 0.5, 2.5, 12.5, 62.5, 312.5];

    /// <summary>The grid with g_k = 1: what keeps the loads that a fit weighs.</summary>
    public static PropagatorKernel Unit() =>
        new(0, ImpactShape.SquareRoot, [1, 1, 1, 1, 1, 1], TausSeconds);
}

/// <summary>A fitted kernel: G(t) = Σ g_k × e^(-t/τ_k) over <see cref="KernelGrid"/> (M8).</summary>
/// <param name="Version">Which fit; 0 before the first, and then all g_k are 0.</param>
/// <param name="Weights">g_k, quanta for a root lot, none below 0.</param>
/// <param name="Permanent">Quanta for a root lot that did not fade: no part of what is still to fade.</param>
/// <param name="Explained">Share of the squared moves of the mid that it explained, 0 to 1.</param>
public readonly record struct ImpactKernel(
    long Version, PerKernelTerm Weights, double Permanent, double Explained);
