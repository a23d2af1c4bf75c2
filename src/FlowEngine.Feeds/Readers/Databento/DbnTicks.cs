using System.Numerics;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Readers.Databento;

/// <summary>
/// Price steps of instruments, in 1e-9: told by definitions, else the coarsest usual step on which all prices at the
/// beginning of the file lie.
/// </summary>
internal sealed class DbnTicks
{
    private const long Unit = 1_000_000_000;

    private readonly Dictionary<uint, long> _steps = [];
    private readonly HashSet<uint> _defined = [];

    /// <summary>The step of an instrument; one unit of 1e-9 where nothing is known.</summary>
    public long this[uint instrumentId] => _steps.TryGetValue(instrumentId, out long step)
        ? _defined.Contains(instrumentId) ? step : Usual(step)
        : 1;

    /// <summary>A step as a unit.</summary>
    public static DecimalScale Scale(long step)
    {
        sbyte exponent = -9;
        for (; step % 10 == 0; step /= 10)
        {
            exponent++;
        }

        return new DecimalScale(step, exponent);
    }

    /// <summary>Learns from the records at a file's beginning.</summary>
    public void Learn(ReadOnlySpan<byte> records)
    {
        while (records.Length >= DbnRecord.HeaderLength)
        {
            int length = records[0] * sizeof(uint);
            if (length < DbnRecord.HeaderLength || length > records.Length)
            {
                return;
            }

            var record = new DbnRecord(records[..length]);
            records = records[length..];
            if (!record.IsWhole)
            {
                continue;
            }

            if (record.Type == DbnRecordType.Definition)
            {
                Define(in record);
            }
            else if (record.TellsMarket)
            {
                Learn(in record);
            }
        }
    }

    /// <summary>Takes a definition's step.</summary>
    public void Define(in DbnRecord record)
    {
        if (record.PriceIncrement is > 0 and < 1_000_000 * Unit && _defined.Add(record.InstrumentId))
        {
            _steps[record.InstrumentId] = record.PriceIncrement;
        }
    }

    private void Learn(in DbnRecord record)
    {
        if (_defined.Contains(record.InstrumentId))
        {
            return;
        }

        long step = _steps.GetValueOrDefault(record.InstrumentId);
        step = Join(step, record.Price);
        for (var level = 0; level < record.Levels; level++)
        {
            step = Join(step, record.Level(level, Side.Bid).Price);
            step = Join(step, record.Level(level, Side.Ask).Price);
        }

        if (step > 0)
        {
            _steps[record.InstrumentId] = step;
        }
    }

    private static long Join(long step, long price) => price is DbnRecord.NoPrice or long.MinValue
        ? step
        : (long)BigInteger.GreatestCommonDivisor(step, price);

    private static long Usual(long common)
    {
        for (long power = Unit; power > 0; power /= 10)
        {
            foreach (long part in (ReadOnlySpan<long>)[1, 2, 4, 5])
            {
                if (power % part == 0 && common % (power / part) == 0)
                {
                    return power / part;
                }
            }
        }

        return 1;
    }
}
