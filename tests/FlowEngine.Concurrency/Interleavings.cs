using Xunit;

namespace FlowEngine.Concurrency;

/// <summary>
/// Every order in which the steps of the multi-producer protocol can happen, by search over its states.
/// </summary>
public sealed class Interleavings(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    public void No_order_of_steps_tears_loses_or_hangs(int capacity, bool hasConsumer) =>
        Assert.Null(Search(new Protocol(capacity, 2, hasConsumer, Protocol.Flaw.None)));

    [Fact]
    public void Publishing_before_writing_is_found() => Finds(Protocol.Flaw.PublishesBeforeWriting);

    [Fact]
    public void Releasing_before_reading_is_found() => Finds(Protocol.Flaw.ReleasesBeforeReading);

    [Fact]
    public void Progress_of_an_array_without_the_guest_is_found() => Finds(Protocol.Flaw.TakesTheProgressOfAnOldArray);

    [Fact]
    public void A_guest_that_starts_at_a_claim_is_found() => Finds(Protocol.Flaw.StartsGuestsAtTheCursor);

    [Fact]
    public void A_guest_that_starts_within_a_lap_of_an_old_look_is_found() =>
        Finds(Protocol.Flaw.StartsGuestsWithinALapOfAnOldLook);

    [Fact]
    public void Slots_marked_without_their_lap_are_found() => Finds(Protocol.Flaw.MarksSlotsWithoutTheirLap);

    private void Finds(Protocol.Flaw flaw)
    {
        string?[] faults =
        [
            .. from capacity in (int[])[1, 2]
               from hasConsumer in (bool[])[true, false]
               select Search(new Protocol(capacity, 2, hasConsumer, flaw)),
        ];
        Assert.Contains(faults, fault => fault is not null);
    }

    private string? Search(Protocol protocol)
    {
        var seen = new Dictionary<string, int>();
        var states = new List<int[]>();
        var cameFrom = new List<List<int>>();
        Visit(protocol.Start(), -1);
        for (var i = 0; i < states.Count; i++)
        {
            try
            {
                foreach (var next in protocol.Next(states[i]))
                {
                    Visit(next, i);
                }
            }
            catch (InvalidOperationException fault)
            {
                return Report(fault.Message, states.Count);
            }
        }

        // A wait goes round in circles, so it is not the lack of a step that shows a hang, but of a way to the end.
        var ends = new HashSet<int>();
        var left = new Stack<int>(Enumerable.Range(0, states.Count).Where(i => protocol.IsDone(states[i])));
        while (left.TryPop(out var state))
        {
            if (ends.Add(state))
            {
                cameFrom[state].ForEach(left.Push);
            }
        }

        var stuck = Enumerable.Range(0, states.Count).Where(i => !ends.Contains(i)).Take(1).ToArray();
        return Report(stuck.Length == 0 ? null : $"hangs in {string.Join(' ', states[stuck[0]])}", states.Count);

        void Visit(int[] state, int from)
        {
            if (seen.TryAdd(Key(state), states.Count))
            {
                states.Add(state);
                cameFrom.Add([]);
            }

            if (from >= 0)
            {
                cameFrom[seen[Key(state)]].Add(from);
            }
        }
    }

    private string? Report(string? fault, int states)
    {
        output.WriteLine($"{states} states: {fault ?? "no fault"}");
        return fault;
    }

    private static string Key(int[] state) => string.Create(
        state.Length, state, static (chars, numbers) =>
        {
            for (var i = 0; i < chars.Length; i++)
            {
                chars[i] = (char)(numbers[i] + 1);
            }
        });
}
