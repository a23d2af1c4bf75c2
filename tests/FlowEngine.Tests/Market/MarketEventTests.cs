using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Market;

public class MarketEventTests
{
    [Fact]
    public void Event_is_one_cache_line_with_the_fields_where_the_picture_says()
    {
        Assert.Equal(64, Unsafe.SizeOf<MarketEvent>());
        Assert.Equal(MarketEvent.Length, Unsafe.SizeOf<MarketEvent>());
        Assert.Equal(0, OffsetOf(nameof(MarketEvent.InstrumentId)));
        Assert.Equal(4, OffsetOf(nameof(MarketEvent.Kind)));
        Assert.Equal(5, OffsetOf(nameof(MarketEvent.Side)));
        Assert.Equal(6, OffsetOf(nameof(MarketEvent.Flags)));
        Assert.Equal(8, OffsetOf(nameof(MarketEvent.Price)));
        Assert.Equal(16, OffsetOf(nameof(MarketEvent.Quantity)));
        Assert.Equal(24, OffsetOf(nameof(MarketEvent.Id)));
        Assert.Equal(32, OffsetOf(nameof(MarketEvent.VenueSequence)));
        Assert.Equal(40, OffsetOf(nameof(MarketEvent.VenueTime)));
        Assert.Equal(48, OffsetOf(nameof(MarketEvent.ReceiveTime)));
        Assert.Equal(56, OffsetOf(nameof(MarketEvent.Spare)));
    }

    [Fact]
    public void Event_is_blittable()
    {
        Assert.False(RuntimeHelpers.IsReferenceOrContainsReferences<MarketEvent>());
        Assert.Equal(Unsafe.SizeOf<MarketEvent>(), Marshal.SizeOf<MarketEvent>());

        MarketEvent[] one = [new MarketEvent { InstrumentId = 0x01020304, Kind = EventKind.Gap, VenueSequence = 7 }];
        var bytes = MemoryMarshal.AsBytes<MarketEvent>(one);
        Assert.Equal([4, 3, 2, 1, (byte)EventKind.Gap], bytes[..5].ToArray());
        Assert.Equal(7, bytes[32]);
    }

    [Fact]
    public void Kinds_keep_the_numbers_that_journals_hold()
    {
        var names = Enum.GetValues<EventKind>().Select(kind => $"{(int)kind} {kind}");
        Assert.Equal(
            "0 None,1 LevelSet,2 LevelDelta,3 LevelDelete,4 OrderAdd,5 OrderModify,6 OrderDelete,7 OrderExecute," +
            "8 Trade,9 Liquidation,10 MarkPrice,11 IndexPrice,12 OpenInterest,13 Funding,14 Status,15 SnapshotBegin," +
            "16 SnapshotLevel,17 SnapshotEnd,18 Clear,19 Gap,20 InstrumentDefined,21 Timer,22 ParameterBegin," +
            "23 ParameterValue,24 ParameterEnd,25 BestLevel,26 Damaged,27 SessionReset,28 ChecksumMismatch," +
            "29 CostRequest",
            string.Join(',', names));
    }

    [Fact]
    public void Only_the_flag_ends_an_event()
    {
        Assert.True(new MarketEvent { Flags = EventFlags.EndOfEvent | EventFlags.Snapshot }.IsEndOfEvent);
        Assert.False(new MarketEvent { Flags = EventFlags.Snapshot }.IsEndOfEvent);
    }

    private static int OffsetOf(string field) => (int)Marshal.OffsetOf<MarketEvent>(field);
}
