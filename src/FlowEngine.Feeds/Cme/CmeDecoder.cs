using System.Buffers.Binary;
using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Cme;

/// <summary>
/// CME MDP 3.0 datagrams → market events: both lines of each channel put together, books by price or by order. A
/// message that is refused is counted; where that leaves a book in doubt it is told in band. Allocates only for new
/// instruments and channels. Ingress thread.
/// </summary>
internal sealed class CmeDecoder
{
    private readonly FeedCounters _counters;
    private readonly CmeChannels _channels = new();
    private readonly CmeOutput _output;
    private readonly CmeInstruments _instruments;
    private readonly CmeEvents _events;
    private readonly CmeMessages _messages;
    private readonly CmeAssumed _assumed;

    /// <summary>A decoder that has seen nothing.</summary>
    /// <param name="table">Where it puts the instruments it learns of.</param>
    /// <param name="counters">What it counts in.</param>
    /// <param name="book">Which of the venue's two kinds of book is built.</param>
    public CmeDecoder(InstrumentTable table, FeedCounters counters, BookKind book)
    {
        _counters = counters;
        _output = new CmeOutput(counters);
        _instruments = new CmeInstruments(table, counters, _output, book);
        _events = new CmeEvents(_instruments, counters, _output);
        var updates = new CmeUpdates(_instruments, _events, counters);
        var snapshots = new CmeSnapshots(_instruments, counters, _output);
        _messages = new CmeMessages(_instruments, _events, updates, snapshots);
        _assumed = new CmeAssumed(_instruments, counters, _output);
    }

    /// <summary>Decodes one datagram.</summary>
    [Hot]
    public void Decode<TSink>(
        ReadOnlySpan<byte> datagram, ushort port, byte line, long captureTimeNs, long receiveTimeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        DamageReason reason = CmeFraming.Check(datagram);
        if (reason == DamageReason.None && !_channels.TryFind(port, out _))
        {
            reason = DamageReason.TableFull;
        }

        if (reason != DamageReason.None)
        {
            // The other line may have it whole, so it does not count as seen.
            _counters.CountDamage(reason, datagram);
            return;
        }

        _channels.TryFind(port, out CmeChannel channel);
        _output.Begin(captureTimeNs, receiveTimeNs);
        uint sequence = BinaryPrimitives.ReadUInt32LittleEndian(datagram);
        int side = line == 0 ? 0 : 1;
        switch (CmeFraming.FeedOf(datagram))
        {
            case CmeFeed.Increments:
                TakeIncrements(channel, datagram, sequence, side, captureTimeNs, ref sink);
                break;
            case CmeFeed.Loop when channel.TryTakeLoop(side, captureTimeNs):
                Process(channel, datagram, ref sink);
                break;
            case CmeFeed.Silence:
                _counters.DuplicatePackets += channel.TryBeat(sequence, captureTimeNs) ? 0 : 1;
                CountMessages(datagram);
                Release(channel, captureTimeNs, isForced: false, ref sink);
                break;
            default:
                _counters.DuplicatePackets++;
                CountMessages(datagram);
                break;
        }
    }

    /// <summary>
    /// Takes a run of assumptions for what a capture does not tell; an empty one says that it ends, and that nothing is
    /// waited for any more.
    /// </summary>
    [Hot]
    public void Assume<TSink>(ReadOnlySpan<byte> run, long captureTimeNs, long receiveTimeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        _output.Begin(captureTimeNs, receiveTimeNs);
        if (!run.IsEmpty)
        {
            _assumed.Decode(run, ref sink);
            return;
        }

        for (var i = 0; i < _channels.Count; i++)
        {
            Release(_channels[i], captureTimeNs, isForced: true, ref sink);
            _events.End(_channels[i], ref sink);
        }
    }

    [Hot]
    private void TakeIncrements<TSink>(
        CmeChannel channel, ReadOnlySpan<byte> datagram, uint sequence, int line, long timeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        switch (channel.Admit(sequence, line, timeNs))
        {
            case CmeAdmission.Take:
                channel.Pass(sequence, timeNs);
                Process(channel, datagram, ref sink);
                break;
            case CmeAdmission.Copy:
                _counters.DuplicatePackets++;
                CountMessages(datagram);
                break;
            case CmeAdmission.Early:
                Hold(channel, datagram, sequence, timeNs, ref sink);
                break;
            default:
                _counters.ChannelResets++;
                _events.End(channel, ref sink);
                _instruments.Reset(channel, isEmpty: sequence == 1, timeNs, ref sink);
                channel.Pass(sequence, timeNs);
                Process(channel, datagram, ref sink);
                break;
        }

        Release(channel, timeNs, isForced: false, ref sink);
    }

    private void Hold<TSink>(
        CmeChannel channel, ReadOnlySpan<byte> datagram, uint sequence, long timeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        bool isHeld = channel.TryHold(sequence, datagram, timeNs, out bool isCopy);
        if (!isHeld)
        {
            // No room: what waits goes first, and then this one has its turn, whatever is missing before it.
            Release(channel, timeNs, isForced: true, ref sink);
            int ahead = (int)(sequence - channel.Expected);
            if (ahead >= 0)
            {
                Jump(channel, sequence, timeNs, ref sink);
                Process(channel, datagram, ref sink);
            }
        }

        if (isCopy)
        {
            _counters.DuplicatePackets++;
            CountMessages(datagram);
        }
    }

    [Hot]
    private void Release<TSink>(CmeChannel channel, long timeNs, bool isForced, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        while (channel.TryRelease(timeNs, isForced, out uint sequence, out ReadOnlySpan<byte> held))
        {
            Jump(channel, sequence, timeNs, ref sink);
            Process(channel, held, ref sink);
        }
    }

    // Goes on at a packet, over a hole where there is one.
    [Hot]
    private void Jump<TSink>(CmeChannel channel, uint sequence, long timeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        uint lost = sequence - channel.Expected;
        channel.Pass(sequence, timeNs);
        if (lost != 0)
        {
            _counters.ChannelGaps++;
            _counters.PacketsLost += lost;
            _events.End(channel, ref sink);
            _instruments.LoseOrders(channel, sequence - 1, timeNs, ref sink);
        }
    }

    [Hot]
    private void Process<TSink>(CmeChannel channel, ReadOnlySpan<byte> datagram, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ReadOnlySpan<byte> rest = datagram[CmeFraming.PacketHeaderLength..];
        while (CmeFraming.TryNext(ref rest, out ReadOnlySpan<byte> message))
        {
            int type = FeedMessageType.CmeIndex(CmeFraming.TemplateOf(message));
            if (type < 0)
            {
                _counters.CountDamage(DamageReason.UnknownTemplate, message);
                continue;
            }

            _counters.CountMessage(type);
            if (!_messages.Decode(channel, message, ref sink))
            {
                _counters.CountDamage(DamageReason.ShortBlock, message);
            }
        }
    }

    // Copies are not decoded again; their messages are seen all the same.
    [Hot]
    private void CountMessages(ReadOnlySpan<byte> datagram)
    {
        ReadOnlySpan<byte> rest = datagram[CmeFraming.PacketHeaderLength..];
        while (CmeFraming.TryNext(ref rest, out ReadOnlySpan<byte> message))
        {
            int type = FeedMessageType.CmeIndex(CmeFraming.TemplateOf(message));
            if (type >= 0)
            {
                _counters.CountMessage(type);
            }
        }
    }
}
