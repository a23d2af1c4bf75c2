using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Core.Memory;
using FlowEngine.Messages.Signals;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// The newest encoded message of each kind for each instrument: what conflation overwrites and what late joiners are
/// sent. Engine thread only.
/// </summary>
public sealed unsafe class SignalSlots : IDisposable
{
    /// <summary>Most kinds of message an instrument has.</summary>
    public const int MostKinds = 18;

    /// <summary>Kinds that the touch alone has.</summary>
    public const int TouchKinds = 5;

    /// <summary>Kinds that the default set has.</summary>
    public const int DefaultKinds = 9;

    private readonly NativeBlock _block;
    private readonly int _stride;
    private Offsets _offsets;

    /// <summary>Takes the memory for all instruments.</summary>
    /// <param name="instrumentCapacity">How many.</param>
    /// <param name="kinds">Kinds of message that there will be, in the order of <see cref="SignalMessage"/>.</param>
    public SignalSlots(int instrumentCapacity, int kinds)
    {
        Kinds = kinds;
        for (var kind = 0; kind < kinds; kind++)
        {
            _offsets[kind] = _stride;
            _stride += CacheLine.Align(LengthOf((SignalMessage)kind), CacheLine.Length);
        }

        _block = new NativeBlock((long)_stride * instrumentCapacity);
    }

    /// <summary>Kinds of message an instrument has.</summary>
    public int Kinds { get; }

    /// <summary>Kinds of message that a set has.</summary>
    public static int KindsOf(byte setVersion) =>
        setVersion == TouchSet.Version ? TouchKinds
        : setVersion == DefaultSet.Version ? DefaultKinds
        : MostKinds;

    /// <summary>Bytes of a message with its header.</summary>
    [Hot]
    public static int LengthOf(SignalMessage message) => message switch
    {
        SignalMessage.TopOfBook => TopOfBookReader.EncodedFixedLength,
        SignalMessage.Pressure => PressureReader.EncodedFixedLength,
        SignalMessage.Impact => ImpactReader.EncodedFixedLength,
        SignalMessage.Liquidity => LiquidityReader.EncodedFixedLength,
        SignalMessage.Cascade => CascadeReader.EncodedFixedLength,
        SignalMessage.DepthFlow => DepthFlowReader.EncodedFixedLength,
        SignalMessage.SellPressure => SellPressureReader.EncodedFixedLength,
        SignalMessage.Feedback => FeedbackReader.EncodedFixedLength,
        SignalMessage.Estimates => EstimatesReader.EncodedFixedLength,
        SignalMessage.FairValue => FairValueReader.EncodedFixedLength,
        SignalMessage.BookShape => BookShapeReader.EncodedFixedLength,
        SignalMessage.Resilience => ResilienceReader.EncodedFixedLength,
        SignalMessage.Excitation => ExcitationReader.EncodedFixedLength,
        SignalMessage.Activity => ActivityReader.EncodedFixedLength,
        SignalMessage.PriceImpact => PriceImpactReader.EncodedFixedLength,
        SignalMessage.Leverage => LeverageReader.EncodedFixedLength,
        SignalMessage.LoopGains => LoopGainsReader.EncodedFixedLength,
        _ => ExecutionReader.EncodedFixedLength,
    };

    /// <summary>The slot of one message of one instrument; zeros before it was first written.</summary>
    [Hot]
    public Span<byte> this[int instrumentId, SignalMessage message] =>
        // In bounds: the block holds stride bytes for each instrument of the capacity that ids are checked against.
        new(_block.Pointer + ((long)instrumentId * _stride) + _offsets[(int)message], LengthOf(message));

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();

    [InlineArray(MostKinds)]
    private struct Offsets
    {
        private int _first;
    }
}
