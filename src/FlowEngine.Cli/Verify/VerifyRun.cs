using System.Buffers.Binary;
using FlowEngine.Cli.Frame;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Readers;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Cli.Verify;

/// <summary>Rebuilds the books of one file and holds them against the truth inside it.</summary>
internal sealed class VerifyRun : IDisposable
{
    private const int ProgressInterval = 4096;

    private readonly FileReader _reader;
    private readonly VerifyBooks _books = new();
    private readonly SequenceCheck _sequence;
    private readonly QuoteCheck _quotes;
    private readonly RowCheck _rows;
    private readonly ChecksumCheck _checksums;
    private readonly OrderCheck _orders;

    /// <summary>A run that owns the reader.</summary>
    public VerifyRun(FileReader reader)
    {
        _reader = reader;
        _sequence = new SequenceCheck(_books.Instruments);
        _quotes = new QuoteCheck(_books.Instruments);
        _rows = new RowCheck(_books);
        _checksums = new ChecksumCheck(_books);
        _orders = new OrderCheck(_books.Instruments);
    }

    /// <summary>Reads the file to its end.</summary>
    /// <exception cref="UserError">The user stopped it.</exception>
    /// <param name="stop">Asks whether to stop.</param>
    /// <param name="progress">Called now and then with the reader and the packets read.</param>
    public VerifyFile Run(StopSignal stop, Action<FileReader, long> progress)
    {
        var buffer = new byte[VenueEnvelope.MaxLength];
        var packets = 0L;
        for (int length; (length = _reader.ReadPacket(buffer, out _)) > 0;)
        {
            if (++packets % ProgressInterval == 0)
            {
                progress(_reader, packets);
                if (stop.IsRequested)
                {
                    throw new UserError($"{_reader.Path}: stopped at {_reader.Place}, before the end");
                }
            }

            var packet = buffer.AsSpan(0, length);
            var counters = _books.Decoder.Counters;
            var (updates, holes) = (counters.InstrumentUpdates, counters.InstrumentGaps);
            _books.Apply(packet, _reader, _sequence, _quotes, _orders);
            _sequence.Follow(
                counters.InstrumentUpdates - updates,
                counters.InstrumentGaps - holes,
                counters.PacketsLost > 0,
                _reader);
            Compare(packet);
        }

        _quotes.End();
        _orders.Tally.CountNotComparable(_reader.Statistics.UnknownOrders);
        var statistics = _reader.Statistics;
        return new VerifyFile(
            _reader.Path,
            InputFormats.NameOf(_reader.Format),
            statistics.Records,
            statistics.Refused + _books.Decoder.Counters.DamagedTotal,
            statistics.FirstRefusal ?? FirstDamage(),
            statistics.IsCutOff,
            _rows.Tally.ToKind(hasEntered: true),
            _checksums.Tally.ToKind(),
            _quotes.Tally.ToKind(),
            _reader.TellsVenueSequence ? _sequence.Tally.ToKind() : null,
            _orders.Tally.ToKind());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _books.Dispose();
        _reader.Dispose();
    }

    private string? FirstDamage() => _books.Decoder.Counters is { DamagedTotal: > 0 } counters
        ? $"{counters.DamagedTotal} messages refused by the decoder, the last for {counters.NewestDamage.Reason}"
        : null;

    private void Compare(ReadOnlySpan<byte> packet)
    {
        if (!Wire.VenuePacketReader.TryWrap(packet, out var envelope)
            || envelope.Format != Wire.PayloadFormat.Normalised)
        {
            return;
        }

        var hasEntered = false;
        for (var run = envelope.Payload; run.Length >= Wire.MessageHeaderReader.Length;)
        {
            int length;
            switch (BinaryPrimitives.ReadUInt16LittleEndian(run[2..]))
            {
                case Wire.LevelUpdateReader.TemplateId when Wire.LevelUpdateReader.TryWrap(run, out var levels):
                    hasEntered |= (levels.Flags & Wire.UpdateFlags.Entered) != 0;
                    length = levels.EncodedLength;
                    break;
                case Wire.BookRowReader.TemplateId when Wire.BookRowReader.TryWrap(run, out var row):
                    _rows.See(in row, hasEntered, _reader);
                    length = row.EncodedLength;
                    break;
                case Wire.BookChecksumReader.TemplateId when Wire.BookChecksumReader.TryWrap(run, out var checksum):
                    _checksums.See(in checksum, _reader);
                    length = checksum.EncodedLength;
                    break;
                default:
                    length = NormalisedMessages.LengthOf(run);
                    break;
            }

            if (length <= 0)
            {
                return;
            }

            run = run[length..];
        }
    }
}
