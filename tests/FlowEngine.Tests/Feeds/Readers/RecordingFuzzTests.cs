using FlowEngine.Feeds.Readers;
using FlowEngine.Feeds.Readers.Bitstamp;
using FlowEngine.Feeds.Readers.Databento;
using FlowEngine.Feeds.Readers.Itch;
using FlowEngine.Feeds.Readers.Json;
using FlowEngine.Feeds.Readers.Lean;
using FlowEngine.Feeds.Readers.Text;
using Xunit;

namespace FlowEngine.Tests.Feeds.Readers;

/// <summary>The mutants of <see cref="ReaderFuzzTests"/> for the readers of tables, order logs and ITCH.</summary>
public sealed class RecordingFuzzTests
{
    private const string Bitmex = """
        wss://www.bitmex.com/realtime <-> 1626993367.388005
        1626993368.1: {"table":"orderBookL2","action":"partial","filter":{"symbol":"A"},"data":[{"symbol":"A",
        ~~"id":5,"side":"Sell","size":3,"price":32180.5},{"symbol":"A","id":6,"side":"Buy","size":4,"price":32180}]}
        1626993368.2: {"table":"orderBookL2","action":"update","data":[{"symbol":"A","id":5,"side":"Sell","size":7}]}
        1626993368.3: {"table":"orderBookL2","action":"insert","data":[{"symbol":"A","id":7,"side":"Buy","size":1,
        ~~"price":32179.5}]}
        1626993368.4: {"table":"trade","action":"insert","data":[{"timestamp":"2021-07-22T22:36:11.685Z","symbol":"A",
        ~~"side":"Buy","size":100,"price":32180.5}]}
        1626993368.5: {"table":"orderBookL2","action":"delete","data":[{"symbol":"A","id":6,"side":"Buy"}]}

        """;

    private const string Bitfinex = """
        [{"event": "info", "version": 2}, {"event": "subscribed", "channel": "book", "chanId": 8, "symbol": "tA",
        ~~ "prec": "R0"}, [8, [[1, 60945, 0.246], [2, 60946.5, -0.1]]], [8, [3, 60944, 1]], [8, [3, 60944, 0.5]],
        ~~ [8, "hb"], [8, [1, 0, 1]], [8, [2, 60947, -3]], [8, [4, 60943, 1e-5]]]
        """;

    private const string BitstampLog = """
        1430438404518 order_created {"price": "236.47", "amount": "2.00000000", "id": 65595247, "order_type": 0}
        1430438404635 order_changed {"price": "236.47", "amount": "1.78855669", "id": 65595247, "order_type": 0}
        1430438404636 order_created {"price": "236.40", "amount": "1.5", "id": 65595248, "order_type": 1}
        1430438404645 trade {"price": 236.47, "amount": 0.21144330999999999, "id": 8111041}
        1430438404885 order_book {"bids": [], "asks": []}
        1430438407647 order_deleted {"price": "236.08", "amount": "0.00000000", "id": 65595247, "order_type": 0}

        """;

    private const string BitstampTable = """
        id,timestamp,exchange.timestamp,price,volume,action,direction
        65595247,1430438404518,1430438404000,236.47,200000000,created,bid
        65595248,1430438404519,1430438404000,236.40,200000000,created,ask
        65595247,1430438404635,1430438404000,236.47,178855669,changed,bid
        65595247,1430438409647,1430438337000,236.47,0,deleted,bid

        """;

    [Fact]
    public void Mutants_of_a_bitmex_recording_are_read_to_their_end() => Fuzz(
        ReaderFuzzTests.Lines(Bitmex), bytes => new BitmexReader("fuzz", new MemoryStream(bytes)));

    [Fact]
    public void Mutants_of_a_bitfinex_recording_are_read_to_their_end() => Fuzz(
        ReaderFuzzTests.Lines(Bitfinex), bytes => new BitfinexReader("fuzz", new MemoryStream(bytes)));

    [Theory]
    [InlineData(BitstampLog)]
    [InlineData(BitstampTable)]
    public void Mutants_of_a_bitstamp_log_are_read_to_their_end(string text) => Fuzz(
        ReaderFuzzTests.Lines(text), bytes => new BitstampReader("fuzz", new MemoryStream(bytes)));

    [Theory]
    [InlineData("Quote", "34199000,138400,700,0,0,P,1,0\n34199500,0,0,138600,200,Q,1,0\n34200000,138700,3,0,0,T,1,0\n"
        + "34200001,138500,3,0,0,T,1,0\n57600000,0,0,138700,900,Q,1,0\n")]
    [InlineData("Trade", "14400614,139400,500,P,20002020,0\n14404499,139500,500,P,20002020,1\n")]
    public void Mutants_of_lean_files_are_read_to_their_end(string kind, string text) => Fuzz(
        ReaderFuzzTests.Lines(text),
        bytes => new LeanReader("fuzz", new MemoryStream(bytes), LeanName.TryParse($"20131007_bac_{kind}_Tick.csv")!));

    [Theory]
    [InlineData("exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n"
        + "x,A,1000,2000,true,bid,99.5,3\nx,A,1000,2000,true,ask,100.5,4\n"
        + "x,A,1100,2100,false,bid,99.5,0\nx,A,1200,2200,false,ask,100.5,1\n")]
    [InlineData("exchange,symbol,timestamp,local_timestamp,asks[0].price,asks[0].amount,bids[0].price,bids[0].amount\n"
        + "x,A,1000,2000,9.5,1,9.4,2\nx,A,1001,2001,9.6,1,9.4,3\n")]
    [InlineData("exchange,symbol,timestamp,local_timestamp,funding_rate,open_interest,index_price,mark_price\n"
        + "x,A,1000,2000,0.0001,1234.5,8999.123456789123,9000.5\n")]
    public void Mutants_of_more_tardis_files_are_read_to_their_end(string text) => Fuzz(
        ReaderFuzzTests.Lines(text), bytes => new TardisReader("fuzz", new MemoryStream(bytes), bytes));

    [Fact]
    public void Mutants_of_binance_tables_are_read_to_their_end() => Fuzz(
        ReaderFuzzTests.Lines("1737897220002, BTCUSDT, 2541757614, 104943.5, 0.15, 1737897219873, False\n"
            + "LRC,SELL,LIMIT,IOC,226,0.16815,0.17057,FILLED,226,226,1737908829829,38.0019\n"
            + "LRC,SELL,LIMIT,IOC,226,0.16815,0.17057,FILLED,226,226,1737908829829,38.0019\n"),
        bytes => new BinanceTableReader("fuzz", new MemoryStream(bytes), bytes));

    [Theory]
    [InlineData("timestamp,datetime_utc,funding_close,oi_close\n1779724500000,x,0.00003527,7719003148.8787\n"
        + "1779724800000,x,-0.00003527,7720258802.8188\n")]
    [InlineData("timestamp,datetime_utc,longUsd,shortUsd,totalUsd\n1771651800000,x,0,0,0\n"
        + "1771653600000,x,407.2122,41568.7156,41975.927800000005\n")]
    public void Mutants_of_coinglass_tables_are_read_to_their_end(string text) => Fuzz(
        ReaderFuzzTests.Lines(text), bytes => new CoinglassReader("fuzz", new MemoryStream(bytes), bytes));

    [Fact]
    public void Mutants_of_an_itch_file_are_read_to_their_end() =>
        Fuzz(Day().File, bytes => new ItchReader("fuzz", new MemoryStream(bytes)));

    [Fact]
    public void Mutants_of_itch_packets_are_read_to_their_end()
    {
        byte[] capture = new CaptureBytes(isLittleEndian: true).PcapHeader(isNano: false, link: 1)
            .PcapRecord(1_548_858_600, 0, CaptureBytes.Ethernet(CaptureBytes.Ipv4(Day().Mold("S1", 1))))
            .PcapRecord(1_548_858_601, 0, CaptureBytes.Ethernet(CaptureBytes.Ipv4(Day().Mold("S1", 11)))).Done();
        Fuzz(capture, bytes => new MoldReader("fuzz", new MemoryStream(bytes)));
    }

    [Fact]
    public void Mutants_of_records_without_metadata_are_read_to_their_end()
    {
        const int Record = 56;
        byte[] records = new byte[Record * 6];
        for (var i = 0; i < 6; i++)
        {
            Span<byte> record = records.AsSpan(i * Record, Record);
            (record[0], record[1], record[8], record[16], record[24]) =
                (Record / 4, 0xa0, (byte)(i + 1), (byte)(i / 2), 50);
            (record[32], record[36], record[38], record[39]) = (3, 0x80, (byte)"AMCAMC"[i], (byte)'B');
            record[40] = (byte)(i + 1);
        }

        Fuzz(records, bytes => new DbnReader("fuzz", new MemoryStream(bytes), bytes));
    }

    // A tenth of the other readers' mutants: there are many of these.
    private static void Fuzz(byte[] good, Func<byte[], FileReader> open) =>
        ReaderFuzzTests.Fuzz(good, open, mutantsPart: 10);

    private static ItchBytes Day() => new ItchBytes().System('O').Directory(7, "ABC")
        .Add(7, 1, 'B', 300, "ABC", 100_000).Add(7, 2, 'S', 200, "ABC", 100_200, isNamed: true)
        .Executed(7, 1, 50, 900).ExecutedAt(7, 1, 50, 901, true, 100_100)
        .Cancel(7, 1, 80).Replace(7, 2, 4, 150, 100_300).Cross(7, 5000, "ABC", 100_150, 904).Delete(7, 1);
}
