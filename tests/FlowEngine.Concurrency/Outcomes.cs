using System.Runtime.CompilerServices;

namespace FlowEngine.Concurrency;

/// <summary>
/// How often each outcome came up; filled by one actor, read after the race. Cheap, or it would space it out.
/// </summary>
/// <typeparam name="TOutcome">An int enum counted from 0.</typeparam>
internal sealed class Outcomes<TOutcome>
    where TOutcome : struct, Enum
{
    private readonly long[] _counts = new long[Enum.GetValues<TOutcome>().Length];

    /// <summary>Counts one round.</summary>
    public void Add(TOutcome outcome) => _counts[Unsafe.As<TOutcome, int>(ref outcome)]++;

    /// <summary>Rounds that ended like this.</summary>
    public long this[TOutcome outcome] => _counts[Unsafe.As<TOutcome, int>(ref outcome)];

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(", ", Enum.GetValues<TOutcome>().Select(outcome => $"{outcome}: {this[outcome]}"));
}
