using FlowEngine.Core;

namespace FlowEngine.Feeds.BinanceSbe;

/// <summary>What the decoder keeps of one symbol.</summary>
[Hot]
internal struct BinanceSymbol
{
    /// <summary>Name, to tell symbols of one hash apart.</summary>
    public byte[] Name;

    public sbyte PriceExponent;
    public sbyte QuantityExponent;

    /// <summary>Last update of the newest diff; 0 before any.</summary>
    public ulong LastUpdate;

    /// <summary>What the next change builds on, where updates without a level lie between; else 0.</summary>
    public ulong BuiltOn;

    private ulong _snapshotUpdate;
    private ulong _runStart;

    /// <summary>Whether diffs follow each other from a snapshot on: no other snapshot is needed.</summary>
    public bool IsChained { get; private set; }

    /// <summary>A diff of some updates came.</summary>
    public void Follow(ulong first, ulong last)
    {
        if (first != LastUpdate + 1)
        {
            _runStart = first;
            IsChained = false;
        }

        LastUpdate = last;
        IsChained |= IsSpanned();
    }

    /// <summary>A snapshot was handed on; diffs that came before it connect if they reach it.</summary>
    public void Begin(ulong update)
    {
        _snapshotUpdate = update;
        IsChained = IsSpanned();
    }

    /// <summary>Something was refused: a snapshot is needed.</summary>
    public void Break()
    {
        _snapshotUpdate = 0;
        LastUpdate = 0;
        IsChained = false;
    }

    private readonly bool IsSpanned() =>
        _snapshotUpdate != 0 && LastUpdate >= _snapshotUpdate && _runStart <= _snapshotUpdate + 1;
}
