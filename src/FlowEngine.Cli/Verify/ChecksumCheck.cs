using System.Globalization;
using System.Text;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Readers;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Cli.Verify;

/// <summary>Holds the rebuilt book's checksum against the venue's.</summary>
internal sealed class ChecksumCheck
{
    private const int KrakenLevels = 10;
    private const int OkxLevels = 25;

    private readonly VerifyBooks _books;
    private readonly StringBuilder _text = new();

    /// <summary>A check over these books.</summary>
    public ChecksumCheck(VerifyBooks books) => _books = books;

    /// <summary>How it came out.</summary>
    public VerifyTally Tally { get; } = new();

    /// <summary>Compares; the book has taken everything before the checksum.</summary>
    public void See(in Wire.BookChecksumReader checksum, FileReader reader)
    {
        if (!_books.TryFind(checksum.InstrumentId, out var id) || _books[id].State != BookState.Live)
        {
            Tally.CountNotComparable();
            return;
        }

        _text.Clear();
        if (checksum.Kind == Wire.ChecksumKind.Kraken)
        {
            var instrument = _books.Instruments[id];
            var pricePadding = Math.Max(0, checksum.PriceDigits + instrument.PriceQuantum.Exponent);
            var lotPadding = Math.Max(0, checksum.LotDigits + instrument.Lot.Exponent);
            WriteKraken(_books[id].Asks, pricePadding, lotPadding);
            WriteKraken(_books[id].Bids, pricePadding, lotPadding);
        }
        else
        {
            WriteOkx(_books[id], _books.Instruments[id]);
        }

        var value = Crc32.Of(Encoding.ASCII.GetBytes(_text.ToString()));
        if (value == checksum.Value)
        {
            Tally.CountEqual();
        }
        else
        {
            Tally.CountDifferent(
                reader.Place, $"{_books.Instruments[id].Symbol} venue {checksum.Value}, book {value} over '{_text}'");
        }
    }

    // Digits without point and leading noughts: what counts of quanta and lots are, padded as the venue writes them.
    private void WriteKraken(BookSide side, int pricePadding, int lotPadding)
    {
        for (var rank = 0; rank < Math.Min(KrakenLevels, side.Count); rank++)
        {
            _text.Append(CultureInfo.InvariantCulture, $"{side[rank].Price}").Append('0', pricePadding)
                .Append(CultureInfo.InvariantCulture, $"{side[rank].Lots}").Append('0', lotPadding);
        }
    }

    private void WriteOkx(InstrumentBook book, Instrument instrument)
    {
        for (var rank = 0; rank < OkxLevels; rank++)
        {
            WriteOkx(book.Bids, rank, instrument);
            WriteOkx(book.Asks, rank, instrument);
        }

        _text.Length = Math.Max(0, _text.Length - 1);
    }

    private void WriteOkx(BookSide side, int rank, Instrument instrument)
    {
        if (rank < side.Count)
        {
            WriteDecimal(side[rank].Price, instrument.PriceQuantum);
            WriteDecimal(side[rank].Lots, instrument.Lot);
        }
    }

    private void WriteDecimal(long count, DecimalScale unit)
    {
        var text = (count * unit.ToDecimal()).ToString(CultureInfo.InvariantCulture);
        _text.Append(text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text).Append(':');
    }
}
