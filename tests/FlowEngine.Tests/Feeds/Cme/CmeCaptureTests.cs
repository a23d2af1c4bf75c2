using System.Text.Json;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Framing;
using FlowEngine.Feeds.Readers;
using FlowEngine.Market;
using FlowEngine.Sbe.OnTheFly;
using FlowEngine.Tests.Sbe.OnTheFly;
using Xunit;
using Side = FlowEngine.Market.Side;

namespace FlowEngine.Tests.Feeds.Cme;

/// <summary>Real captures, held against the venue's own schema read on the fly.</summary>
public sealed class CmeCaptureTests
{
    private const string Open = "Cme.Mdp3.Sbe.v8.1.Example.pcap";
    private const string Sampled = "Cme.Mdp3.Sbe.v9.1.Example.pcap";

    [Fact]
    public void The_capture_through_an_open_gives_the_figures_of_independent_readers()
    {
        using var run = new CmeRun(Data(Open));
        FeedCounters counters = run.Counters;

        Assert.Equal((10_000, 2), (run.Packets, run.Assumed));
        Assert.Equal(10_598, counters.MessagesOfAll(FeedFormat.CmeMdp3));
        (string, long)[] expected =
        [
            ("heartbeat", 12), ("securityStatus", 198), ("bookUpdate7", 9_796), ("sessionStatistics7", 358),
            ("volume", 114), ("tradeSummary7", 120),
        ];
        Assert.Equal(expected, expected.Select(row => (row.Item1, counters.MessagesOf(FeedFormat.CmeMdp3, row.Item1))));
        Assert.Equal((0, 0), (counters.DamagedTotal, counters.UnknownInstrument));
        Assert.Equal((0, 0, 0), (counters.ChannelGaps, counters.InstrumentGaps, counters.RepeatedUpdates));
        Assert.Equal((5_000, 39), (counters.DuplicatePackets, counters.Instruments));
        Assert.Equal((63, 0), (counters.Trades, counters.TradeCorrections));

        // Of every update on either line the count goes on from the one before.
        Assert.Equal((12_312, 0), Follow(Data(Open), "8"));

        Assert.All(run.Books.Values, book => Assert.Equal((BookState.Live, 0), (book.State, (int)book.Gaps)));
        Assert.Equal(4, run.CrossedBeforeOpen.Count);
        Assert.Empty(run.CrossedWhileOpen);
        Assert.All(run.Books.Values, book => Assert.Equal(TradingStatus.Open, book.Status));
    }

    [Fact]
    public void Either_line_alone_and_both_together_give_the_same_events()
    {
        using var both = new CmeRun(Data(Open));
        using var a = new CmeRun(Data(Open), line: 0);
        using var b = new CmeRun(Data(Open), line: 1);

        Assert.Equal((0, 0), (a.Counters.DuplicatePackets, b.Counters.DuplicatePackets));
        Assert.InRange(both.Events.Count, 6_000, 7_000);
        Assert.Equal(both.Events, a.Events);
        Assert.Equal(both.Events, b.Events);
    }

    [Fact]
    public void The_sampled_capture_decodes_whole_and_line_B_fills_the_holes_of_line_A()
    {
        using var run = new CmeRun(Data(Sampled));
        Assert.Equal((99, 194L), (run.Packets, run.Counters.MessagesOfAll(FeedFormat.CmeMdp3)));
        (string, long)[] expected = [("bookUpdate", 170), ("orderUpdate", 8), ("tradeSummary", 8), ("volume", 8)];
        Assert.Equal(
            expected, expected.Select(row => (row.Item1, run.Counters.MessagesOf(FeedFormat.CmeMdp3, row.Item1))));
        Assert.Equal((0, 242), (run.Counters.DamagedTotal, run.Counters.Instruments));
        Assert.Equal((0, 0), (run.Counters.ChannelGaps, run.Counters.InstrumentGaps));
        using var a = new CmeRun(Data(Sampled), line: 0);
        Assert.Equal(3, a.Counters.ChannelGaps);
    }

    [Fact]
    public void A_capture_is_told_by_its_content_like_any_other_file()
    {
        using FileReader reader = InputFile.Open(Data(Open));
        var room = new FeedRoom();
        byte[] buffer = new byte[VenueEnvelope.MaxLength];
        for (int length; (length = reader.ReadPacket(buffer, out _)) > 0;)
        {
            room.Count(buffer.AsSpan(0, length));
        }

        Assert.Equal(InputFormat.Capture, reader.Format);
        Assert.Equal((39, 63, 5_000), (room.Table.Count, room.Counters.Trades, room.Counters.DuplicatePackets));
    }

    [Fact]
    public void Definitions_of_a_capture_are_taken_and_nothing_is_assumed_but_its_end()
    {
        using var run = new CmeRun(Data("Cme/Mdp3.Sbe.v1.5/MdInstrumentDefinitionSpread.pcap"));
        Assert.Equal((1, 1), (run.Packets, run.Assumed));
        Assert.Equal(["ESM6-ESU6", "ESM6-ESZ6", "ESU6", "ESU6-ESZ6", "ESZ5"],
            Enumerable.Range(0, run.Table.Count).Select(id => run.Table[id].Symbol));
        Assert.Equal([(5, -2), (5, -2), (25, -2), (5, -2), (25, -2)], Enumerable.Range(0, run.Table.Count)
            .Select(id => ((int)run.Table[id].PriceQuantum.Mantissa, (int)run.Table[id].PriceQuantum.Exponent)));
        Assert.Equal((1_474_032_600_000_000_000, new DecimalScale(5, 1), 10),
            (run.Table[2].ExpiryTime, run.Table[2].ContractMultiplier, run.Table[2].FeedDepthLevels));
        Assert.All(run.Events.Where(e => e.Kind == EventKind.Status),
            e => Assert.Equal((long)TradingStatus.Closed, e.Quantity));
    }

    [Theory]
    [InlineData(Open, "8", 5_000)]
    [InlineData(Sampled, "9", 400)]
    [InlineData("Cme/Mdp3.Sbe.v1.5/MdIncrementalRefreshBook.pcap", "5", 1)]
    [InlineData("Cme/Mdp3.Sbe.v1.5/MdIncrementalRefreshSessionStatistics.pcap", "5", 1)]
    [InlineData("Cme/Mdp3.Sbe.v1.5/MdIncrementalRefreshTradeSummary.pcap", "5", 1)]
    [InlineData("Cme/Mdp3.Sbe.v1.5/MdIncrementalRefreshVolume.pcap", "5", 1)]
    [InlineData("Cme/Mdp3.Sbe.v1.8/MdIncrementalRefreshSessionStatistics.pcap", "8", 100)]
    [InlineData("Cme/Mdp3.Sbe.v1.8/MdIncrementalRefreshTradeSummary.pcap", "8", 1)]
    [InlineData("Cme/Mdp3.Sbe.v1.8/MdIncrementalRefreshVolume.pcap", "8", 50)]
    [InlineData("Cme/Mdp3.Sbe.v1.9/MdIncrementalRefreshBook.pcap", "9", 1)]
    [InlineData("Cme/Mdp3.Sbe.v1.9/MdIncrementalRefreshOrderBook.pcap", "9", 0)]
    [InlineData("Cme/Mdp3.Sbe.v1.9/MdIncrementalRefreshTradeSummary.pcap", "9", 1)]
    [InlineData("Cme/Mdp3.Sbe.v1.9/MdIncrementalRefreshVolume.pcap", "9", 1)]
    public void Every_change_and_print_is_what_the_venues_own_schema_says(string name, string version, int atLeast)
    {
        string path = Data(name);
        using var run = new CmeRun(path);
        Dictionary<long, List<Change>> expected = Read(path, version);
        Dictionary<long, List<Change>> actual = run.Changes();

        Assert.Equal(0, run.Counters.DamagedTotal);
        Assert.True(expected.Values.Sum(list => list.Count) >= atLeast);
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach ((long security, List<Change> changes) in expected)
        {
            Assert.Equal(changes, actual[security]);
        }
    }

    [Theory]
    [InlineData("MdIncrementalRefreshBookLongQty.pcap")]
    [InlineData("MdIncrementalRefreshTradeSummaryLongQty.pcap")]
    [InlineData("SnapshotFullRefreshTcpLongQty.Tcp.pcap")]
    public void Long_forms_of_the_TCP_feed_decode_to_their_last_byte(string name)
    {
        byte[] message = Assert.Single(
            VenuePackets.Frames(Data("Cme/Mdp3.Sbe.v1.12/" + name), FramingKind.CmeTcp));
        using JsonDocument json = Json(Schema("12"), message);
        JsonElement entries = json.RootElement.GetProperty("NoMDEntries");
        if (Messages.Cme.BookUpdateLongReader.TryWrap(message, out var book))
        {
            Assert.Equal(message.Length, book.EncodedLength);
            Assert.Equal(entries.GetArrayLength(), book.Entries.Count);
            Assert.Equal(entries[0].GetProperty("MDEntrySize").GetUInt64(), book.Entries[0].Size);
            Assert.Equal(entries[0].GetProperty("RptSeq").GetUInt32(), book.Entries[0].ReportSequence);
        }
        else if (Messages.Cme.TradeSummaryLongReader.TryWrap(message, out var trade))
        {
            Assert.Equal(message.Length, trade.EncodedLength);
            Assert.Equal(entries[0].GetProperty("MDEntrySize").GetUInt64(), trade.Entries[0].Size);
            Assert.Equal(entries[0].GetProperty("MDTradeEntryID").GetUInt32(), trade.Entries[0].TradeEntryId);
        }
        else
        {
            Assert.True(Messages.Cme.StreamSnapshotLongReader.TryWrap(message, out var snapshot));
            Assert.Equal(message.Length, snapshot.EncodedLength);
            Assert.Equal(entries.GetArrayLength(), snapshot.Entries.Count);
            for (var i = 0; i < snapshot.Entries.Count; i++)
            {
                JsonElement size = entries[i].GetProperty("MDEntrySize");
                Assert.Equal(size.ValueKind == JsonValueKind.Null, snapshot.Entries[i].SizeIsNull);
            }
        }
    }

    private static string Data(string name) => FeedRoom.Data(["cme_mdp3", .. name.Split('/')]);

    private static SchemaDecoder Schema(string version) =>
        Decoders.OfFile(FeedRoom.Data("schemas", $"Cme.Futures.Mdp3.Sbe.v1.{version}.xml"));

    private static JsonDocument Json(SchemaDecoder schema, ReadOnlySpan<byte> message)
    {
        string? json = schema.Json(message, out int length);
        Assert.NotNull(json);
        Assert.Equal(message.Length, length);
        return JsonDocument.Parse(json);
    }

    // Updates whose count follows the one before on their line, and those whose does not.
    private static (int Follows, int Breaks) Follow(string path, string version)
    {
        var newest = new Dictionary<(int Line, long Security), long>();
        var (follows, breaks) = (0, 0);
        CmeRun.ForEachMessage(path, (line, _, message) =>
        {
            using JsonDocument json = Json(Schema(version), message);
            if (!json.RootElement.TryGetProperty("NoMDEntries", out JsonElement entries))
            {
                return;
            }

            foreach (JsonElement entry in entries.EnumerateArray())
            {
                long report = entry.GetProperty("RptSeq").GetInt64();
                (int, long) key = (line, entry.GetProperty("SecurityID").GetInt64());
                if (newest.TryGetValue(key, out long before))
                {
                    follows += report == before + 1 ? 1 : 0;
                    breaks += report == before + 1 ? 0 : 1;
                }

                newest[key] = report;
            }
        });
        return (follows, breaks);
    }

    // The slow reader: what each message says, in the order of the packets, each packet once.
    private static Dictionary<long, List<Change>> Read(string path, string version)
    {
        var changes = new Dictionary<long, List<Change>>();
        var firstLine = new Dictionary<(int, uint), int>();
        CmeRun.ForEachMessage(path, (line, packet, message) =>
        {
            firstLine.TryAdd(packet, line);
            if (firstLine[packet] != line)
            {
                return;
            }

            using JsonDocument json = Json(Schema(version), message);
            if (!json.RootElement.TryGetProperty("NoMDEntries", out JsonElement entries))
            {
                return;
            }

            foreach (JsonElement entry in entries.EnumerateArray())
            {
                if (TryRead(entry, out Change change))
                {
                    long security = entry.GetProperty("SecurityID").GetInt64();
                    changes.TryAdd(security, []);
                    changes[security].Add(change);
                }
            }
        });
        return changes;
    }

    private static bool TryRead(JsonElement entry, out Change change)
    {
        change = default;
        if (!entry.TryGetProperty("MDEntryPx", out JsonElement price) || !entry.TryGetProperty("RptSeq", out _)
            || entry.TryGetProperty("OpenCloseSettlFlag", out _))
        {
            return false;
        }

        decimal value = price.GetProperty("mantissa").GetInt64();
        for (int i = price.GetProperty("exponent").GetInt32(); i < 0; i++)
        {
            value /= 10;
        }

        long size = entry.GetProperty("MDEntrySize").GetInt64();
        string action = entry.GetProperty("MDUpdateAction").GetString()!;
        if (entry.TryGetProperty("AggressorSide", out JsonElement aggressor))
        {
            Side side = aggressor.GetString() switch { "Buy" => Side.Buy, "Sell" => Side.Sell, _ => Side.Unknown };
            change = new Change(EventKind.Trade, side, value, size);
            return true;
        }

        string type = entry.GetProperty("MDEntryType").GetString()!;
        bool isDelete = action == "Delete";
        if (isDelete && type.StartsWith("Implied", StringComparison.Ordinal))
        {
            return false;
        }

        Assert.Contains(action, new[] { "New", "Change", "Delete" });
        change = new Change(isDelete ? EventKind.LevelDelete : EventKind.LevelSet,
            type is "Bid" or "ImpliedBid" ? Side.Bid : Side.Ask, value, isDelete ? 0 : size);
        return true;
    }
}
