using FlowEngine.Disruptor;

namespace FlowEngine.Concurrency;

/// <summary>Checks what it sees and remembers the first thing that was wrong.</summary>
internal struct Checker : IEventHandler<StressEvent>
{
    /// <summary>Which word it signs: none, the left or the right.</summary>
    public int Side;

    /// <summary>Whether both words must be signed before it.</summary>
    public bool NeedsBoth;

    public long Count;
    public string? Fault;
    private long _last;
    private long[] _numbers;

    /// <summary>A checker that sees all from the first event on, or from any (a guest).</summary>
    public static Checker Create(int producers, bool guest = false, int side = 0, bool needsBoth = false)
    {
        var numbers = new long[producers];
        Array.Fill(numbers, guest ? -2 : -1);
        return new Checker { _numbers = numbers, Side = side, NeedsBoth = needsBoth };
    }

    public readonly void OnStart()
    {
    }

    public void OnEvent(ref StressEvent evt, long sequence, bool endOfBatch)
    {
        Fault ??= FaultOf(in evt, sequence);
        _last = sequence;
        Count++;
        if (Fault is null)
        {
            _numbers[evt.Producer] = evt.Number;
        }

        if (Side == 1)
        {
            evt.Left = sequence;
        }
        else if (Side == 2)
        {
            evt.Right = sequence;
        }
    }

    public readonly void OnShutdown()
    {
    }

    private readonly string? FaultOf(in StressEvent evt, long sequence)
    {
        if (Count > 0 && sequence != _last + 1)
        {
            return $"sequence {sequence} after {_last}";
        }

        if (!evt.IsWhole(sequence))
        {
            return $"torn at {sequence}: producer {evt.Producer}, number {evt.Number}";
        }

        var before = _numbers[evt.Producer];
        if (before != -2 && evt.Number != before + 1)
        {
            return $"number {evt.Number} after {before} of producer {evt.Producer} at {sequence}";
        }

        return NeedsBoth && (evt.Left != sequence || evt.Right != sequence) ? $"not signed at {sequence}" : null;
    }
}
