using System.Buffers.Binary;
using FlowEngine.Core;
using FlowEngine.Messages.PreTrade;
using FlowEngine.Signals;
using Wire = FlowEngine.Messages.PreTrade;

namespace FlowEngine.Engine;

/// <summary>Answers as SBE. Each call writes a whole message; the publish stamp is the sender's.</summary>
public static class AnswerEncoder
{
    private const int PublishTimeOffset = CostAnswerReader.HeaderLength + 48 + 48;

    /// <summary>Bytes of an answer with its header.</summary>
    public const int Length = CostAnswerReader.EncodedFixedLength;

    /// <summary>An answer that says only what became of the request.</summary>
    /// <param name="buffer">At least <see cref="Length"/> bytes.</param>
    /// <param name="question">What was asked; only the two ids where that was not sound.</param>
    /// <param name="status">Why it is refused.</param>
    /// <param name="epoch">This engine's.</param>
    [Hot]
    public static void Refuse(Span<byte> buffer, in OrderQuestion question, AnswerStatus status, ulong epoch)
    {
        var answer = Begin(buffer, question, status);
        var book = answer.Book;
        book.Epoch = epoch;
        book.InstrumentId = (uint)question.InstrumentId;
    }

    /// <summary>The answer to a case.</summary>
    /// <param name="buffer">At least <see cref="Length"/> bytes.</param>
    /// <param name="opened">A filled case.</param>
    /// <param name="cost">Its price; null unless its status is ok.</param>
    /// <param name="identity">What tells this engine from another.</param>
    public static void Answer(Span<byte> buffer, PreTradeCase opened, OrderCost? cost, EngineIdentity identity)
    {
        var answer = Begin(buffer, opened.Question, opened.Status);
        var book = answer.Book;
        book.InstrumentId = (uint)opened.Question.InstrumentId;
        book.Validity = (Validity)(uint)opened.Validity;
        book.Epoch = identity.Epoch;
        book.EventSequence = (ulong)opened.EventSequence;
        book.VenueSequence = opened.VenueSequence;
        book.VenueTime = opened.VenueTime;
        book.ReceiveTime = opened.ReceiveTime;
        book.ParameterHash = identity.ParameterHash;
        book.SignalSet = opened.SignalSet;
        if (opened.Touch.HasBid)
        {
            answer.BidPrice = opened.Touch.BidPrice;
        }

        if (opened.Touch.HasAsk)
        {
            answer.AskPrice = opened.Touch.AskPrice;
        }

        if (cost is not null)
        {
            Write(answer, opened, cost);
        }
    }

    /// <summary>Writes when the answer was handed to Aeron.</summary>
    public static void StampSent(Span<byte> message, long publishTime) =>
        BinaryPrimitives.WriteInt64LittleEndian(message[PublishTimeOffset..], publishTime);

    [Hot]
    private static CostAnswerWriter Begin(Span<byte> buffer, in OrderQuestion question, AnswerStatus status)
    {
        // The writer begins with 0 or null in every field.
        return new CostAnswerWriter(buffer)
        {
            ClientId = question.ClientId,
            CorrelationId = question.CorrelationId,
            Status = status,
            Side = question.Sign > 0 ? Side.Buy : question.Sign < 0 ? Side.Sell : Side.NullValue,
            Slices = (byte)question.Slices,
            Lots = question.Lots,
            HorizonNs = question.HorizonNs,
            RiskAversion = question.RiskAversion,
        };
    }

    private static void Write(CostAnswerWriter answer, PreTradeCase opened, OrderCost cost)
    {
        answer.Missing = cost.Missing;
        answer.SpreadBps = Finite(cost.SpreadBps);
        for (var i = 0; i < SignalWidths.Sizes; i++)
        {
            ref readonly var line = ref cost.Sweeps[i];
            answer.SetSweepSizes(i, line.Size);
            answer.SetSweepFilled(i, line.Filled);
            answer.SetSweepUnfilled(i, line.Unfilled);
            answer.SetSweepVwap(i, Finite(line.Vwap));
            answer.SetSweepWorst(i, line.Worst);
            answer.SetSweepSlippage(i, Finite(line.Slippage));
            answer.SetSweepSlippageBps(i, Finite(line.SlippageBps));
            answer.SetSweepLevels(i, (uint)line.Levels);
        }

        answer.TransientNow = Finite(cost.TransientNow);
        answer.TransientAtHorizon = Finite(cost.TransientAtHorizon);
        answer.SquareRootBps = Finite(cost.SquareRootBps);
        if (cost is { Optimal: { } optimal, Straight: { } straight })
        {
            Write(answer.Optimal, optimal);
            Write(answer.Straight, straight);
            for (var i = 0; i < opened.Question.Slices; i++)
            {
                answer.SetOptimalSlices(i, optimal.Slices[i]);
                answer.SetStraightSlices(i, straight.Slices[i]);
            }
        }

        if (cost.CriticalLots > 0)
        {
            answer.CriticalShock = cost.CriticalLots;
            answer.ReachesCritical = (byte)(opened.Question.Lots >= cost.CriticalLots ? 1 : 0);
        }

        answer.ForcedLevels = (ushort)opened.Forced.Length;
        answer.SecondDeviationBps = Finite(opened.SecondDeviation * 10_000);
        answer.LotsPerSecond = Finite(opened.LotsPerSecond);
        answer.Lambda = (cost.Missing & Missing.Lambda) != 0 ? 0 : Finite(opened.Kyle.Slope);
        answer.LambdaSamples = Finite(opened.Kyle.EffectiveSamples);
        answer.MoveForRoot = Finite(opened.MoveForRoot);
        answer.Trades = opened.Trades;
    }

    private static void Write(Wire.ScheduleWriter writer, PricedSchedule schedule)
    {
        writer.ExpectedBps = Finite(schedule.ExpectedBps);
        writer.DeviationBps = Finite(schedule.DeviationBps);
        writer.LiveBps = Finite(schedule.LiveBps ?? 0);
        writer.UnfilledLots = schedule.UnfilledLots;
    }

    [Hot]
    private static double Finite(double value) => double.IsFinite(value) ? value : 0;
}
