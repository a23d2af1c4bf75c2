using System.Text.Json;
using FlowEngine.Cli.Cost;
using FlowEngine.Cli.Input;
using FlowEngine.Client;
using FlowEngine.Engine;
using FlowEngine.Feeds.Readers;
using FlowEngine.Feeds.Simulation;
using FlowEngine.Messages.PreTrade;
using FlowEngine.Signals;
using FlowEngine.Testing;
using FlowEngine.Tests.Cli;
using FlowEngine.Tests.Feeds;
using Xunit;

namespace FlowEngine.Tests.Engine;

/// <summary>Questions and answers between clients and an engine, over Aeron, on one thread.</summary>
public sealed class PreTradeTests
{
    private const long Minute = 60_000_000_000;

    [Theory]
    [InlineData("deribit_sbe/pcaps/sample_capture_v1_6.pcapng", "BTC-PERPETUAL", 10, 5000)]
    [InlineData("lobster/LOBSTER_SampleFile_AMZN_2012-06-21_5.zip", "AMZN", 1, 12_000)]
    public void A_live_answer_is_that_of_cost_on_the_same_capture_at_the_same_event(
        string file, string symbol, int lot, int packets)
    {
        const int Lots = 50;
        var path = FeedRoom.Data(file.Split('/'));
        using var source = new FileSource([path], name => InputFile.Open(name, InputFormat.Unknown, Unpackers.Open));
        using var room = new PreTradeRoom();
        List<(ulong Event, string Json)> live = [];
        var answers = new AnswerList
        {
            Read = answer => live.Add((answer.Book.EventSequence, JsonOf(answer, room.Pipeline))),
        };
        var client = room.Join(answers, clientId: 3);
        var packet = new byte[source.MaxPacketLength];
        for (var i = 1; i <= packets; i++)
        {
            room.Feed(packet.AsSpan(0, source.NextPacket(packet, out _)));
            if (i == packets - 300 || i == packets)
            {
                Ask(client, IdOf(room.Pipeline, symbol), i < packets ? Side.Buy : Side.Sell, Lots);
                room.Settle(client);
            }
        }

        Assert.Equal(2, live.Count);
        foreach (var (sequence, json) in live)
        {
            var side = json.Contains("\"side\":\"sell\"", StringComparison.Ordinal) ? "sell" : "buy";
            using var run = CliRun.ToEnd(
                out _, "cost", path, "--seq", $"{sequence}", "--symbol", symbol, "--side", side, "--size",
                $"{Lots * lot}", "--horizon", "1m", "--slices", "7", "--risk-aversion", "0.0001", "--json");
            Assert.True(run.Out.Length > 0, run.Error);
            Assert.Equal(json, run.Out.TrimEnd('\n').Split('\n')[^1]);
        }

        // The second moment of the longer one has everything but a map: equities tell no open interest.
        Assert.Equal(
            symbol == "AMZN", live[1].Json.Contains("\"missing\":\"Critical\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Questions_change_no_signal_and_no_number_of_an_event()
    {
        var packets = new PacketList(new SimulatorOptions { Seed = 4 }, packets: 3000).Packets;
        string Digest(bool asking)
        {
            using var room = new PreTradeRoom(new EngineOptions { InstrumentCapacity = 64 }, digest: true);
            var client = room.Join(new AnswerList(), clientId: 1);
            for (var i = 0; i < packets.Length; i++)
            {
                room.Feed(packets[i]);
                if (asking && i % 7 == 0)
                {
                    Ask(client, 0, Side.Sell, 10);
                    room.Settle(client);
                }
            }

            Assert.Equal(asking ? 429 : 0, client.Answered);
            return room.Pipeline.Digest!.ToHex();
        }

        Assert.Equal(Digest(asking: false), Digest(asking: true));
    }

    [Fact]
    public void Clients_get_their_own_answers_in_their_own_order()
    {
        using var room = Started(new EngineOptions { InstrumentCapacity = 64 });
        var lists = new[] { new AnswerList(), new AnswerList() };
        PreTradeClient[] clients = [room.Join(lists[0], 10), room.Join(lists[1], 11)];
        for (var i = 0; i < 12; i++)
        {
            Ask(clients[i % 3 == 0 ? 0 : 1], i % 2, Side.Buy, 1 + i);
        }

        room.Settle(clients);
        Assert.Equal([1, 2, 3, 4], lists[0].Answers.Select(answer => answer.Correlation));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], lists[1].Answers.Select(answer => answer.Correlation));
        Assert.All(
            lists.SelectMany(list => list.Answers), answer => Assert.Equal(AnswerStatus.Ok, answer.Status));
        Assert.Equal((8L, 4L), (clients[0].OfOthers, clients[1].OfOthers));
    }

    [Fact]
    public void A_question_beyond_what_the_engine_holds_is_told_so_and_the_next_is_answered()
    {
        using var room = Started(new EngineOptions { InstrumentCapacity = 64 });
        var answers = new AnswerList();
        var client = room.Join(answers, 1);
        for (var i = 0; i <= PreTradeDesk.Capacity; i++)
        {
            Ask(client, 0, Side.Buy, 1);
        }

        while (room.Port.Poll() > 0)
        {
        }

        Assert.Equal(1, room.Pipeline.Intake.Busy);
        Ask(client, 0, Side.Sell, 1);
        room.Settle(client);
        var statuses = answers.Answers.ToDictionary(answer => answer.Correlation, answer => answer.Status);
        Assert.Equal(PreTradeDesk.Capacity + 2, statuses.Count);
        Assert.Equal(PreTradeDesk.Capacity, statuses.Values.Count(status => status == AnswerStatus.Ok));
        Assert.Equal(AnswerStatus.Busy, statuses[PreTradeDesk.Capacity + 1]);
        Ask(client, 0, Side.Sell, 1);
        room.Settle(client);
        Assert.Equal(AnswerStatus.Ok, answers.Answers[^1].Status);
    }

    [Fact]
    public void An_event_that_no_question_brought_opens_no_case()
    {
        var cases = new PreTradeCases(2, 1);
        Assert.Null(cases.TryOpen(0));
        Assert.NotNull(cases.TryTake(out var number));
        Assert.Null(cases.TryOpen(1));
        Assert.NotNull(cases.TryOpen((ulong)number));
    }

    [Fact]
    public void What_cannot_be_answered_is_refused_for_its_reason()
    {
        using var room = Started(new EngineOptions { InstrumentCapacity = 64 });
        var answers = new AnswerList();
        var client = room.Join(answers, 1);
        var sound = new PreTradeQuestion(0, Side.Buy, 1, Minute, 1, 0);
        PreTradeQuestion[] questions =
        [
            sound,
            sound with { Epoch = 77 },
            sound with { Epoch = 78 },
            sound with { InstrumentId = 63 },
            sound with { Lots = 0 },
            sound with { Slices = 33 },
            sound with { RiskAversion = double.NaN },
            sound with { HorizonNs = 1 },
        ];
        foreach (var question in questions)
        {
            Assert.Equal(AskResult.Sent, client.TryAsk(question, out _));
        }

        room.Settle(client);
        Assert.Equal(
            [
                AnswerStatus.Ok, AnswerStatus.Ok, AnswerStatus.OtherEpoch, AnswerStatus.UnknownInstrument,
                AnswerStatus.BadRequest, AnswerStatus.BadRequest, AnswerStatus.BadRequest, AnswerStatus.BadRequest,
            ],
            answers.Answers.OrderBy(answer => answer.Correlation).Select(answer => answer.Status));
    }

    [Fact]
    public void An_instrument_without_a_sound_book_is_not_live()
    {
        using var room = new PreTradeRoom(new EngineOptions { InstrumentCapacity = 64 });
        var answers = new AnswerList();
        var client = room.Join(answers, 1);
        var packets = new PacketList(new SimulatorOptions { Seed = 4 }, packets: 200).Packets;
        for (var i = 0; room.Pipeline.State.Count == 0; i++)
        {
            room.Feed(packets[i]);
        }

        Ask(client, 0, Side.Buy, 1);
        room.Settle(client);
        Assert.Equal(AnswerStatus.NotLive, Assert.Single(answers.Answers).Status);
    }

    [Fact]
    public void Under_the_touch_an_answer_is_the_sweep_and_says_what_is_missing()
    {
        using var room = Started(new EngineOptions { InstrumentCapacity = 64, SignalSet = SignalSets.Touch });
        var missing = Missing.None;
        var filled = 0L;
        var answers = new AnswerList { Read = answer => (missing, filled) = (answer.Missing, answer.SweepFilled(3)) };
        var client = room.Join(answers, 1);
        Ask(client, 0, Side.Buy, 1);
        room.Settle(client);
        Assert.Equal(1, filled);
        Assert.True(missing.HasFlag(
            Missing.SignalSet | Missing.Transient | Missing.SquareRoot | Missing.Schedule | Missing.Critical));
    }

    [Fact]
    public void A_silent_engine_is_told_as_a_timeout_and_its_late_answer_is_not_shown()
    {
        using var room = Started(new EngineOptions { InstrumentCapacity = 64 });
        var answers = new AnswerList();
        var client = room.Join(answers, 1, capacity: 2, timeoutNs: 1);
        Ask(client, 0, Side.Buy, 1);
        Ask(client, 0, Side.Buy, 1);
        Assert.Equal(AskResult.TooMany, client.TryAsk(new PreTradeQuestion(0, Side.Buy, 1, Minute, 1, 0), out _));
        client.Poll(1);
        Assert.Equal([1, 2], answers.Timeouts);
        room.Settle(client);
        Assert.Equal((0, 2L, 2L), (answers.Answers.Count, client.Late, client.TimedOut));
    }

    [Fact]
    public void Asking_taking_and_copying_allocate_nothing()
    {
        const int Rounds = 3000;
        using var room = Started(new EngineOptions { InstrumentCapacity = 64 });
        var client = room.Join(new Counter(), 1);
        long allocated = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            client.TryAsk(
                new PreTradeQuestion(i % 2, (i & 4) == 0 ? Side.Buy : Side.Sell, i % 50 == 0 ? 0 : 1 + i, Minute, 7, 0),
                out _);
            room.Port.Poll();
            room.Pipeline.Engine.DoWork(0);
            var asked = GC.GetAllocatedBytesForCurrentThread();
            room.Pipeline.Answerer.DoWork(0);
            var answered = GC.GetAllocatedBytesForCurrentThread();
            client.Poll(10);
            allocated += i < Rounds / 2
                ? 0
                : GC.GetAllocatedBytesForCurrentThread() - answered + (asked - before);
            room.AwaitRoom();
        }

        Assert.Equal((0L, (long)Rounds), (allocated, client.Answered));
    }

    private static PreTradeRoom Started(EngineOptions options)
    {
        var room = new PreTradeRoom(options);
        foreach (var packet in new PacketList(new SimulatorOptions { Seed = 4 }, packets: 2000).Packets)
        {
            room.Feed(packet);
        }

        return room;
    }

    private static void Ask(PreTradeClient client, int instrumentId, Side side, long lots) =>
        Assert.Equal(
            AskResult.Sent,
            client.TryAsk(new PreTradeQuestion(instrumentId, side, lots, Minute, 7, 0.0001), out _));

    private static int IdOf(Pipeline pipeline, string symbol)
    {
        var id = 0;
        while (pipeline.State.Table[id].Symbol != symbol)
        {
            id++;
        }

        return id;
    }

    private static string JsonOf(in CostAnswerReader answer, Pipeline pipeline)
    {
        var instrument = pipeline.State.Table[(int)answer.Book.InstrumentId];
        var result = CostResult.Of(in answer, new SignalInstrument(
            instrument.Id, instrument.Symbol, instrument.Venue, instrument.PriceQuantum.ToDouble(),
            instrument.TickQuanta, instrument.Lot.ToDouble()));
        return JsonSerializer.Serialize(result, CostJson.Default.CostResult);
    }

    private sealed class Counter : PreTradeHandler
    {
        public override void OnAnswer(in CostAnswerReader answer)
        {
        }
    }
}
