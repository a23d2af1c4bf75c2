using FlowEngine.Engine;
using FlowEngine.Messages.Deribit;
using FlowEngine.Messages.MarketData;
using FlowEngine.Testing;
using Xunit;

namespace FlowEngine.Tests.Engine;

/// <summary>The real capture through the whole engine, against figures computed by an independent reader.</summary>
public sealed class DeribitReplayTests
{
    private const int FrameHeaderLength = 8;

    [Fact]
    public void Counts_are_those_of_an_independent_reader()
    {
        var report = Replay(Packets(), leaveOut: -1, new SignalTape());

        Assert.Equal(5066, report.Packets);
        Assert.Equal(84, report.Instruments);
        Assert.Equal(84, report.CompleteBooks);
        Assert.Equal(0, report.Gaps);
        Assert.Equal(0, report.ChannelGaps);
        Assert.Equal(0, report.CrossedBooks);
        Assert.Equal(755, report.UnknownInstrument);
        Assert.Empty(report.Damaged);
        Assert.Equal(new TickerSummary(EqualAtOnce: 804, EqualLater: 471, Different: 0), report.Tickers);
        var trades = report.Trades;
        Assert.Equal((421, 734.8943m, 609.8753m), (trades.Count, trades.BuyAmount, trades.SellAmount));
        Assert.Equal(report.Evaluated, report.Published + report.Conflated);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.7)]
    public void A_lost_book_packet_costs_its_instruments_one_gap_and_one_recovery_and_nobody_else_anything(double where)
    {
        var packets = Packets();
        var whole = new SignalTape();
        var wholeReport = Replay(packets, leaveOut: -1, whole);

        var (lost, instruments) = BookPacketAfter((int)(packets.Count * where), packets);
        var holed = new SignalTape();
        var report = Replay(packets, lost, holed);

        Assert.Equal(instruments.Count, report.Gaps);
        Assert.Equal(instruments.Count, report.Recoveries);
        Assert.Equal(84, report.CompleteBooks);
        Assert.NotEqual(wholeReport.Digest, report.Digest);
        var touched = instruments.Select(id => IdOf(id, report, packets)).ToHashSet();
        Assert.Equal(
            whole.Signals.Where(signal => !touched.Contains(signal.InstrumentId)),
            holed.Signals.Where(signal => !touched.Contains(signal.InstrumentId)));
        Assert.All(touched, id => Assert.Contains(
            holed.Signals,
            signal => signal.InstrumentId == id && (signal.Validity & Messages.Signals.Validity.Gap) != 0));
    }

    private static List<byte[]> Packets()
    {
        if (Captures.Deribit is not { } path)
        {
            Assert.Skip("the Deribit capture is absent: set FLOWENGINE_DATA");
            return [];
        }

        return Captures.Packets(path);
    }

    private static EngineReport Replay(List<byte[]> packets, int leaveOut, SignalTape tape)
    {
        using var engine = new SteppedEngine(new Quiet(), tape: tape);
        for (var i = 0; i < packets.Count; i++)
        {
            if (i != leaveOut)
            {
                engine.Feed(packets[i]);
            }
        }

        var report = engine.Finish();
        Assert.Equal(0, report.Conflated);
        return report;
    }

    // The dense id is the order of definition, which the lost book packet does not change.
    private static uint IdOf(uint venueId, EngineReport report, List<byte[]> packets)
    {
        var defined = new List<uint>();
        foreach (var packet in packets)
        {
            foreach (var (template, message) in MessagesOf(packet))
            {
                if (template == InstrumentReader.TemplateId && InstrumentReader.TryWrap(message, out var v1)
                    && !defined.Contains(v1.InstrumentId))
                {
                    defined.Add(v1.InstrumentId);
                }
                else if (template == InstrumentV2Reader.TemplateId && InstrumentV2Reader.TryWrap(message, out var v2)
                    && !defined.Contains(v2.InstrumentId))
                {
                    defined.Add(v2.InstrumentId);
                }
            }
        }

        Assert.Equal(report.Instruments, defined.Count);
        return (uint)defined.IndexOf(venueId);
    }

    // A book packet whose instruments all have a snapshot before it, so that their books are live, and one after it.
    private static (int Index, HashSet<uint> Instruments) BookPacketAfter(int start, List<byte[]> packets)
    {
        for (var i = start; i < packets.Count; i++)
        {
            var books = Ids(packets[i], BookReader.TemplateId);
            if (books.Count > 0
                && books.All(id => packets.Take(i).Any(packet => Ids(packet, SnapshotReader.TemplateId).Contains(id)))
                && books.All(id => packets.Skip(i).Any(packet => Ids(packet, SnapshotReader.TemplateId).Contains(id))))
            {
                return (i, books);
            }
        }

        throw new InvalidOperationException($"no book packet with a later snapshot after packet {start}");
    }

    private static HashSet<uint> Ids(byte[] packet, ushort wanted)
    {
        var ids = new HashSet<uint>();
        foreach (var (template, message) in MessagesOf(packet))
        {
            if (template == wanted && template == BookReader.TemplateId && BookReader.TryWrap(message, out var book))
            {
                ids.Add(book.InstrumentId);
            }
            else if (template == wanted && template == SnapshotReader.TemplateId
                && SnapshotReader.TryWrap(message, out var snapshot))
            {
                ids.Add(snapshot.InstrumentId);
            }
        }

        return ids;
    }

    private static List<(ushort Template, byte[] Message)> MessagesOf(byte[] packet)
    {
        Assert.True(VenuePacketReader.TryWrap(packet, out var envelope));
        var rest = envelope.Payload[FrameHeaderLength..];
        var messages = new List<(ushort, byte[])>();
        while (rest.Length > 0)
        {
            Assert.True(Messages.Deribit.MessageHeaderReader.TryWrap(rest, out var header));
            var length = LengthOf(header.TemplateId, rest);
            messages.Add((header.TemplateId, rest[..length].ToArray()));
            rest = rest[length..];
        }

        return messages;
    }

    private static int LengthOf(ushort template, ReadOnlySpan<byte> message) => template switch
    {
        InstrumentReader.TemplateId when InstrumentReader.TryWrap(message, out var m) => m.EncodedLength,
        InstrumentV2Reader.TemplateId when InstrumentV2Reader.TryWrap(message, out var m) => m.EncodedLength,
        BookReader.TemplateId when BookReader.TryWrap(message, out var m) => m.EncodedLength,
        Messages.Deribit.TradesReader.TemplateId when Messages.Deribit.TradesReader.TryWrap(message, out var m) =>
            m.EncodedLength,
        TickerReader.TemplateId when TickerReader.TryWrap(message, out var m) => m.EncodedLength,
        SnapshotReader.TemplateId when SnapshotReader.TryWrap(message, out var m) => m.EncodedLength,
        SnapshotStartReader.TemplateId when SnapshotStartReader.TryWrap(message, out var m) => m.EncodedLength,
        SnapshotEndReader.TemplateId when SnapshotEndReader.TryWrap(message, out var m) => m.EncodedLength,
        PriceIndexReader.TemplateId when PriceIndexReader.TryWrap(message, out var m) => m.EncodedLength,
        _ => throw new InvalidOperationException($"template {template} is not in this capture"),
    };
}
