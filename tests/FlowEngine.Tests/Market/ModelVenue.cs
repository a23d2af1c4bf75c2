using FlowEngine.Market;

namespace FlowEngine.Tests.Market;

/// <summary>
/// A venue that remembers everything: every venue event it sent, and its whole book after each. Slow and obvious. Bids
/// are below 0 and asks above, so that it never crosses.
/// </summary>
internal sealed class ModelVenue
{
    private readonly List<MarketEvent[]> _events = [[]];
    private readonly List<ulong> _sequences = [];
    private readonly Dictionary<ulong, (PriceLevel[] Bids, PriceLevel[] Asks)> _books = [];
    private readonly ModelSide _bids = new(Side.Bid, int.MaxValue);
    private readonly ModelSide _asks = new(Side.Ask, int.MaxValue);
    private readonly Random _random;

    public ModelVenue(int seed, int events, bool chained)
    {
        Seed = seed;
        _random = new Random(seed);
        _sequences.Add(100);
        Remember();
        for (var i = 0; i < 2 * events; i++)
        {
            ulong previous = _sequences[^1];
            ulong sequence = previous + (ulong)_random.Next(1, 4);
            _sequences.Add(sequence);
            _events.Add(MakeEvent(sequence, chained ? previous : 0));
            Remember();
        }
    }

    public int Seed { get; }

    public ulong SequenceOf(int index) => _sequences[index];

    public MarketEvent[] Increments(int index) => _events[index];

    public (PriceLevel[] Bids, PriceLevel[] Asks) BookAt(ulong sequence) => _books[sequence];

    public MarketEvent[] Snapshot(int index)
    {
        var (bids, asks) = _books[_sequences[index]];
        return Make.Snapshot(_sequences[index], bids, asks);
    }

    private MarketEvent[] MakeEvent(ulong sequence, ulong id)
    {
        var parts = new MarketEvent[_random.Next(1, 4)];
        for (var i = 0; i < parts.Length; i++)
        {
            bool ends = i == parts.Length - 1;
            var side = _random.Next(2) == 0 ? Side.Bid : Side.Ask;
            var model = side == Side.Bid ? _bids : _asks;
            long price = _random.Next(1, 15) * (side == Side.Bid ? -1 : 1);
            var held = model.Held.FirstOrDefault(level => level.Price == price);
            if (held.Lots == 0)
            {
                long lots = _random.Next(1, 9);
                model.Set(price, lots);
                parts[i] = Make.Level(EventKind.LevelSet, side, price, lots, sequence, id, ends);
            }
            else if (_random.Next(2) == 0)
            {
                model.Delete(price);
                parts[i] = Make.Level(EventKind.LevelDelete, side, price, 0, sequence, id, ends);
            }
            else
            {
                long lots = _random.Next(-2, 6);
                model.Add(price, lots);
                parts[i] = Make.Level(EventKind.LevelDelta, side, price, lots, sequence, id, ends);
            }
        }

        return parts;
    }

    private void Remember() => _books[_sequences[^1]] = (_bids.Held, _asks.Held);
}
