using System.Runtime.InteropServices;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Lobster;

/// <summary>
/// A LOBSTER sample: a file of messages and beside it the best levels after each. A row is one venue event: what its
/// message changes, the levels that came from beyond the view, and the row itself to hold the book against. Where the
/// two files contradict each other, the row stands: the book is lost and taken anew from it.
/// </summary>
internal sealed class LobsterReader : FileReader
{
    private const int PriceExponent = -4;
    private const int CentQuanta = 100;

    private readonly LineReader _messages;
    private readonly LineReader _rows;
    private readonly ReaderInstrument _instrument;
    private readonly List<RunLevel> _levels = [];
    private readonly long _midnightNs;
    private LobsterView _before;
    private LobsterView _row;
    private bool _isPrimed;

    /// <summary>A reader that owns both streams.</summary>
    public LobsterReader(string path, Stream messages, Stream rows, LobsterName name)
        : base(path, FeedVenue.Nasdaq)
    {
        _messages = new LineReader(messages);
        _rows = new LineReader(rows);
        _before = new LobsterView(name.Depth);
        _row = new LobsterView(name.Depth);
        _midnightNs = EasternTime.MidnightNs(name.Day);
        _instrument = new ReaderInstrument(FeedVenue.Nasdaq, name.Symbol)
        {
            Quantum = new DecimalScale(1, PriceExponent),
            TickQuanta = CentQuanta,
            Contract = ContractKind.Spot,
            DepthLevels = name.Depth,
        };
    }

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.Lobster;

    /// <inheritdoc/>
    public override string Place =>
        $"row {_messages.Number} (message byte {_messages.Offset}, book byte {_rows.Offset})";

    /// <inheritdoc/>
    public override void Dispose()
    {
        _messages.Dispose();
        _rows.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    private protected override bool ReadRecord()
    {
        bool hasMessage = _messages.TryRead(out ReadOnlySpan<byte> messageText);
        bool hasRow = _rows.TryRead(out ReadOnlySpan<byte> rowText);
        if (!hasMessage || !hasRow)
        {
            if (hasMessage != hasRow)
            {
                Statistics.IsCutOff = true;
                Statistics.Refuse(Place, hasRow ? "a row without its message" : "a message without its row");
            }

            return false;
        }

        Statistics.Records++;
        bool isRow = _row.TryParse(rowText);
        bool isMessage = LobsterMessage.TryParse(messageText, out LobsterMessage message);
        if (!isRow || !isMessage)
        {
            Refuse(isRow ? "no LOBSTER message" : $"no LOBSTER row of {_row.Depth} levels");
            return true;
        }

        Run.CaptureTimeNs = _midnightNs + message.TimeOfDayNs;
        if (_isPrimed)
        {
            WriteEvent(in message);
        }
        else
        {
            Prime(in message);
        }

        (_before, _row) = (_row, _before);
        return true;
    }

    private void Refuse(string reason)
    {
        Statistics.Refuse(Place, reason);
        if (_isPrimed)
        {
            Run.Lost(_instrument, Run.CaptureTimeNs, _instrument.Sequence + 1);
            _isPrimed = false;
        }
    }

    // Of the first row, and of one behind a fault, the row itself is all that is known.
    private void Prime(in LobsterMessage message)
    {
        Run.Define(_instrument);
        ulong sequence = Math.Max((ulong)Run.CaptureTimeNs, _instrument.Sequence + 2);
        WriteTrade(in message, Wire.UpdateFlags.EndOfEvent);
        Run.Snapshot(_instrument, Run.CaptureTimeNs, sequence, RowLevels());
        Run.Row(_instrument, Run.CaptureTimeNs, _row.Depth, isFirst: true, RowLevels());
        _isPrimed = true;
    }

    private void WriteEvent(in LobsterMessage message)
    {
        ulong previous = _instrument.Sequence;
        (int bidsBefore, int asksBefore) = (_before[Side.Bid].Length, _before[Side.Ask].Length);
        _levels.Clear();
        WriteTrade(in message, Wire.UpdateFlags.None);
        long change = message.Type switch
        {
            LobsterMessageType.Add => message.Lots,
            LobsterMessageType.PartialCancel or LobsterMessageType.Delete or LobsterMessageType.Execution =>
                -message.Lots,
            _ => 0,
        };
        bool isChanged = _before.TryChange(message.Side, message.Price, change, out RunLevel? pushedOut);
        if (pushedOut is { } level)
        {
            _levels.Add(level with { Lots = 0 });
        }

        int left = _levels.Count;
        Adopt(Side.Bid, bidsBefore);
        Adopt(Side.Ask, asksBefore);
        if (isChanged)
        {
            RunLevel delta = new(message.Side, message.Price, change);
            Run.Levels(_instrument, Run.CaptureTimeNs, previous + 1, previous,
                _levels.Count == 0 ? Wire.UpdateFlags.EndOfEvent : Wire.UpdateFlags.None, [delta], areDeltas: true);
        }

        if (_levels.Count > 0)
        {
            Wire.UpdateFlags entered = _levels.Count > left ? Wire.UpdateFlags.Entered : Wire.UpdateFlags.None;
            Run.Levels(_instrument, Run.CaptureTimeNs, previous + 1, previous,
                entered | Wire.UpdateFlags.EndOfEvent, CollectionsMarshal.AsSpan(_levels));
        }

        if (message.Type == LobsterMessageType.Halt)
        {
            Run.Status(_instrument, Run.CaptureTimeNs,
                message.Price < 0 ? TradingStatus.Halted : TradingStatus.Open);
        }

        Run.Row(_instrument, Run.CaptureTimeNs, _row.Depth, isFirst: false, RowLevels());
        if (!_before[Side.Bid].SequenceEqual(_row[Side.Bid]) || !_before[Side.Ask].SequenceEqual(_row[Side.Ask]))
        {
            Run.Break();
            ulong sequence = _instrument.Sequence + 1;
            Run.Lost(_instrument, Run.CaptureTimeNs, sequence);
            Run.Snapshot(_instrument, Run.CaptureTimeNs, sequence, RowLevels());
        }
    }

    // Only where the view was full can there be levels beyond it.
    private void Adopt(Side side, int levelsBefore)
    {
        ReadOnlySpan<RunLevel> shown = _row[side];
        if (levelsBefore < _row.Depth)
        {
            return;
        }

        for (int i = _before[side].Length; i < shown.Length; i++)
        {
            RunLevel level = shown[i];
            bool isWorse = i == 0 || (side == Side.Bid
                ? level.Price < _before[side][i - 1].Price
                : level.Price > _before[side][i - 1].Price);
            if (!isWorse)
            {
                return;
            }

            _before.Adopt(in level);
            _levels.Add(level);
        }
    }

    private void WriteTrade(in LobsterMessage message, Wire.UpdateFlags flags)
    {
        if (message.Type is not (LobsterMessageType.Execution or LobsterMessageType.HiddenExecution
            or LobsterMessageType.Cross))
        {
            return;
        }

        bool isCross = message.Type == LobsterMessageType.Cross;
        // The direction is the resting order's: a sell order that was hit was bought.
        Side aggressor = isCross ? Side.Unknown : message.Side == Side.Bid ? Side.Sell : Side.Buy;
        bool endsEvent = message.Type != LobsterMessageType.Execution;
        Run.Trade(
            _instrument,
            Run.CaptureTimeNs,
            flags | (isCross ? Wire.UpdateFlags.OffBook : 0) | (endsEvent ? Wire.UpdateFlags.EndOfEvent : 0),
            new RunTrade((ulong)_messages.Number, aggressor, message.Price, message.Lots));
    }

    private ReadOnlySpan<RunLevel> RowLevels()
    {
        _levels.Clear();
        _levels.AddRange(_row[Side.Bid]);
        _levels.AddRange(_row[Side.Ask]);
        return CollectionsMarshal.AsSpan(_levels);
    }
}
