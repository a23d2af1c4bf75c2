using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Core.Memory;
using FlowEngine.Messages.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// The newest encoded message of each kind for each instrument: what conflation overwrites and what late joiners are
/// sent. Engine thread only.
/// </summary>
public sealed unsafe class SignalSlots : IDisposable
{
    /// <summary>Kinds of message an instrument has.</summary>
    public const int Kinds = 5;

    private readonly NativeBlock _block;
    private readonly int _stride;
    private Offsets _offsets;

    /// <summary>Takes the memory for all instruments.</summary>
    public SignalSlots(int instrumentCapacity)
    {
        for (var kind = 0; kind < Kinds; kind++)
        {
            _offsets[kind] = _stride;
            _stride += CacheLine.Align(LengthOf((SignalMessage)kind), CacheLine.Length);
        }

        _block = new NativeBlock((long)_stride * instrumentCapacity);
    }

    /// <summary>Bytes of a message with its header.</summary>
    [Hot]
    public static int LengthOf(SignalMessage message) => message switch
    {
        SignalMessage.TopOfBook => TopOfBookReader.EncodedFixedLength,
        SignalMessage.Pressure => PressureReader.EncodedFixedLength,
        SignalMessage.Impact => ImpactReader.EncodedFixedLength,
        SignalMessage.Liquidity => LiquidityReader.EncodedFixedLength,
        _ => CascadeReader.EncodedFixedLength,
    };

    /// <summary>The slot of one message of one instrument; zeros before it was first written.</summary>
    [Hot]
    public Span<byte> this[int instrumentId, SignalMessage message] =>
        // In bounds: the block holds stride bytes for each instrument of the capacity that ids are checked against.
        new(_block.Pointer + ((long)instrumentId * _stride) + _offsets[(int)message], LengthOf(message));

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();

    [InlineArray(Kinds)]
    private struct Offsets
    {
        private int _first;
    }
}
