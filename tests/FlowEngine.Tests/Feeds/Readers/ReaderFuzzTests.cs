using System.Buffers.Binary;
using System.Text;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Captures;
using FlowEngine.Feeds.Readers;
using FlowEngine.Feeds.Readers.Databento;
using FlowEngine.Feeds.Readers.Flow;
using FlowEngine.Feeds.Readers.Json;
using FlowEngine.Feeds.Readers.Lobster;
using FlowEngine.Feeds.Readers.Text;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Feeds.Readers;

/// <summary>Each reader over seeded mutants of a small good file; FLOWENGINE_FULL=1 runs a million of each.</summary>
public sealed class ReaderFuzzTests
{
    private const int FullMutants = 1_000_000;

    private const string Binance = """
        1723161256172216566 {"stream":"x","data":{"e":"depthUpdate","E":1723161257440,"T":1723161257432,"s":
        ~~"BTCUSDT","U":5,"u":7,"pu":4,"b":[["61773.6","1.001"],["61776.4","0"]],"a":[["61780.1","2"]]}}
        1723161256172216567 {"lastUpdateId":6,"bids":[["61773.6","2.5"]],"asks":[["61780.1","1"],["61781.1","1.25"]]}
        1723161256172216568 {"stream":"x","data":{"e":"bookTicker","u":7,"s":"BTCUSDT","b":"61773.6","B":"1.
        ~~001","a":"61780.1","A":"2","T":1723161257465,"E":1723161257476}}
        1723161256172216569 {"stream":"x","data":{"e":"trade","E":1,"T":1680652700452,"s":"BTCUSDT","t":9,"p
        ~~":"61780.1","q":"0.002","X":"MARKET","m":true}}
        1723161256172216570 {"stream":"x","data":{"e":"forceOrder","E":1,"o":{"s":"BTCUSDT","S":"SELL","q":"
        ~~0.014","p":"61773.6","T":1680652700452}}}

        """;

    private const string Kraken = """
        {"t":"header","format":2,"exchange":"KRAKEN"}
        {"t":"http","ts":1618678132.35,"data":"{\"result\":{\"X\":{\"wsname\":\"XMR/USD\",\"pair_decimals\":
        ~~2,\"lot_decimals\":8}}}"}
        {"t":"recv","ts":1618678134.12,"data":"[9,{\"as\":[[\"354.80000000\",\"1.40000000\",\"1\"]],\"bs\":[
        ~~[\"354.70000000\",\"2.00000000\",\"1\"]]},\"book-1000\",\"XMR/USD\"]"}
        {"t":"recv","ts":1618678134.13,"data":"[9,{\"a\":[[\"354.80000000\",\"0.00000000\",\"1\"]]},{\"b\":[
        ~~[\"354.60000000\",\"1.00000000\",\"1\"]],\"c\":\"974947235\"},\"book-1000\",\"XMR/USD\"]"}
        {"t":"recv","ts":1618678134.14,"data":"[8,[[\"354.80000000\",\"0.10000000\",\"1618678134.1\",\"b\",\
        ~~"l\",\"\"]],\"trade\",\"XMR/USD\"]"}

        """;

    private const string Okx = """
        {"t":"header","format":2,"exchange":"OKX"}
        {"t":"http","ts":1652458996.25,"data":"{\"data\":[{\"instId\":\"A-B\",\"instType\":\"SPOT\",\"tickSz
        ~~\":\"0.1\",\"lotSz\":\"0.01\"}]}"}
        {"t":"recv","ts":1652459225.39,"data":"{\"arg\":{\"channel\":\"books\",\"instId\":\"A-B\"},\"action\
        ~~":\"snapshot\",\"data\":[{\"asks\":[[\"3.1\",\"1\",\"0\",\"1\"]],\"bids\":[[\"3\",\"0.25\",\"0\",\"1
        ~~\"]],\"ts\":\"1652459225393\",\"checksum\":-1}]}"}
        {"t":"recv","ts":1652459225.40,"data":"{\"arg\":{\"channel\":\"trades\",\"instId\":\"A-B\"},\"data\"
        ~~:[{\"tradeId\":\"7\",\"px\":\"3.1\",\"sz\":\"1\",\"side\":\"buy\",\"ts\":\"1652459225394\"}]}"}

        """;

    private const string LobsterMessages = """
        34200.1,1,7,100,1000000,1
        34200.2,4,9,50,1000100,-1
        34200.3,2,7,10,1000000,1
        34200.4,5,0,3,1000050,1
        34200.5,7,0,0,-1,-1

        """;

    private const string LobsterRows = """
        1000100,50,1000000,100,1000200,10,999900,5
        1000200,10,1000000,100,1000400,7,999900,5
        1000200,10,1000000,90,1000400,7,999900,5
        1000200,10,1000000,90,1000400,7,999900,5
        1000200,10,1000000,90,1000400,7,999900,5

        """;

    private static readonly LobsterName s_lobster =
        LobsterName.TryParse("TEST_2012-06-21_34200000_57600000_message_2.csv")!;

    private static int Mutants =>
        Environment.GetEnvironmentVariable("FLOWENGINE_FULL") == "1" ? FullMutants : FullMutants / 100;

    [Fact]
    public void Mutants_of_a_binance_recording_are_read_to_their_end() => Fuzz(
        Lines(Binance), bytes => new BinanceReader("fuzz", new MemoryStream(bytes), bytes));

    [Fact]
    public void Mutants_of_a_kraken_recording_are_read_to_their_end() =>
        Fuzz(Lines(Kraken), bytes => new KrakenReader("fuzz", new MemoryStream(bytes)));

    [Fact]
    public void Mutants_of_an_okx_recording_are_read_to_their_end() =>
        Fuzz(Lines(Okx), bytes => new OkxReader("fuzz", new MemoryStream(bytes)));

    [Theory]
    [InlineData(
        "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n"
        + "x,A,1582329602111000,1582329602418379,7,buy,9682,0.132\n"
        + "x,B,1582329602111001,1582329602418380,8,sell,1.5,2\n")]
    [InlineData(
        "exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount\n"
        + "x,A,1582329601096000,1582329603502092,0.84,9682,9681.92,0.67\n"
        + "x,A,1582329601096001,1582329603502093,,,9681,1\n")]
    public void Mutants_of_tardis_files_are_read_to_their_end(string file) => Fuzz(
        Encoding.UTF8.GetBytes(file), bytes => new TardisReader("fuzz", new MemoryStream(bytes), bytes));

    [Fact]
    public void Mutants_of_lobster_messages_are_read_to_their_end() => Fuzz(
        Encoding.UTF8.GetBytes(LobsterMessages),
        bytes => new LobsterReader(
            "fuzz", new MemoryStream(bytes), new MemoryStream(Encoding.UTF8.GetBytes(LobsterRows)), s_lobster));

    [Fact]
    public void Mutants_of_lobster_rows_are_read_to_their_end() => Fuzz(
        Encoding.UTF8.GetBytes(LobsterRows),
        bytes => new LobsterReader(
            "fuzz", new MemoryStream(Encoding.UTF8.GetBytes(LobsterMessages)), new MemoryStream(bytes), s_lobster));

    [Fact]
    public void Mutants_of_orders_in_dbn_are_read_to_their_end() =>
        Fuzz(Dbn(), bytes => new DbnReader("fuzz", new MemoryStream(bytes), bytes));

    [Fact]
    public void Mutants_of_a_flow_file_are_read_to_their_end()
    {
        var file = new MemoryStream();
        using (var writer = new FlowWriter(file))
        {
            byte[] packet = FeedRoom.Wrap(FeedFormat.Normalised, new byte[40]);
            for (var i = 0; i < 20; i++)
            {
                writer.Append(packet, i);
            }

            writer.Complete();
        }

        Fuzz(file.ToArray(), bytes => new FlowReader("fuzz", new MemoryStream(bytes)));
    }

    // A line of a recording is longer than one of this file: what begins with two tildes belongs to the line before.
    internal static byte[] Lines(string text) =>
        Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n").Replace("\n~~", "", StringComparison.Ordinal));

    private static byte[] Dbn()
    {
        const int Header = 128;
        const int Record = 56;
        const int Records = 20;
        byte[] file = new byte[Header + (Record * Records)];
        "DBN"u8.CopyTo(file);
        file[3] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), Header - 8);
        "GLBX.MDP3"u8.CopyTo(file.AsSpan(8));
        for (var i = 0; i < Records; i++)
        {
            Span<byte> record = file.AsSpan(Header + (i * Record), Record);
            record[0] = Record / 4;
            record[1] = 0xa0;
            BinaryPrimitives.WriteInt64LittleEndian(record[8..], 1_703_000_000_000_000_000 + i);
            BinaryPrimitives.WriteInt64LittleEndian(record[16..], i / 3);
            BinaryPrimitives.WriteInt64LittleEndian(record[24..], (4800 + i) * 250_000_000L);
            BinaryPrimitives.WriteInt32LittleEndian(record[32..], 5);
            record[36] = (byte)(i % 2 == 0 ? 0x80 : 0);
            record[38] = (byte)"AMCTFR"[i % 6];
            record[39] = (byte)"AB"[i % 2];
            BinaryPrimitives.WriteInt64LittleEndian(record[40..], 1_703_000_000_000_000_000 + i);
        }

        return file;
    }

    internal static void Fuzz(byte[] good, Func<byte[], FileReader> open, int mutantsPart = 1)
    {
        (long packets, long refused) = Read(good, open);
        Assert.True(packets > 0 && refused == 0, $"{packets} packets, {refused} refused of the good file");
        const int Seed = 4004;
        var random = new Random(Seed);
        long mutantsRefused = 0;
        for (var i = 0; i < Mutants / mutantsPart; i++)
        {
            byte[] mutant = Mutate(good, random);
            try
            {
                (packets, refused) = Read(mutant, open);
                mutantsRefused += refused > 0 ? 1 : 0;
                Assert.InRange(packets, 0, 4 * good.Length);
            }
            catch (CaptureException)
            {
                // A header that cannot be read: refused as a whole, in one line.
                mutantsRefused++;
            }
            catch (Exception fault) when (fault is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {Seed}, mutant {i}: {fault}");
            }
        }

        Assert.InRange(mutantsRefused, 1, Mutants);
    }

    private static (long Packets, long Refused) Read(byte[] bytes, Func<byte[], FileReader> open)
    {
        using FileReader reader = open(bytes);
        long packets = 0;
        ReadStatistics statistics = ReaderRoom.ReadAll(reader, (instruments, events) =>
        {
            packets++;
            foreach (ref readonly MarketEvent e in events)
            {
                Assert.InRange(e.InstrumentId, 0, instruments.Count - 1);
                Assert.InRange(e.Quantity, -FeedLimits.MaxLots, FeedLimits.MaxLots);
            }
        });
        return (packets, statistics.Refused);
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        byte[] mutant = (byte[])good.Clone();
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            int at = random.Next(mutant.Length);
            switch (random.Next(6))
            {
                case 0:
                    mutant[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutant[at] = (byte)random.Next(256);
                    break;
                case 2:
                    mutant[at] = (byte)"0123456789.,-\"{}[]\n:e"[random.Next(21)];
                    break;
                case 3:
                    mutant = mutant[..Math.Max(1, at)];
                    break;
                case 4:
                    int length = Math.Min(random.Next(1, 64), mutant.Length - at);
                    mutant = [.. mutant[..at], .. mutant[at..(at + length)], .. mutant[at..]];
                    break;
                default:
                    mutant.AsSpan(at, Math.Min(8, mutant.Length - at)).Fill((byte)(random.Next(2) * 255));
                    break;
            }
        }

        return mutant;
    }
}
