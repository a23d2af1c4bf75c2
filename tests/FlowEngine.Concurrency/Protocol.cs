namespace FlowEngine.Concurrency;

/// <summary>
/// The multi-producer protocol in small, step by step as <c>MultiProducer</c>, <c>LapFlags</c> and <c>Ring.Join</c> do
/// it: each step is one access to what the actors share. Two producers, a consumer (or none) and a guest that joins.
/// </summary>
/// <remarks>
/// A state is an array of small numbers: what is shared, then each actor's place and registers. Steps interleave as if
/// memory were sequentially consistent, so this proves the protocol, not its barriers.
/// </remarks>
internal sealed class Protocol(int capacity, int eventsEach, bool hasConsumer, Protocol.Flaw flaw)
{
    private const int Producers = 2;

    // Shared.
    private const int Cursor = 0;
    private const int Finished = 1; // the cache that producers share
    private const int ConsumerSequence = 2;
    private const int GuestSequence = 3;
    private const int GuestGates = 4;
    private const int FirstProducer = 5; // place, claim, left, gates as seen, minimum
    private const int Consumer = FirstProducer + (Producers * 5); // place
    private const int Guest = Consumer + 1; // place, scan, joined at
    private const int Laps = Guest + 3;

    private readonly int _slots = Laps + capacity;
    private readonly int _size = Laps + capacity + (2 * capacity);

    /// <summary>What can be done wrongly, to see that it is found.</summary>
    public enum Flaw
    {
        None,
        PublishesBeforeWriting,
        ReleasesBeforeReading,
        TakesTheProgressOfAnOldArray,
        StartsGuestsAtTheCursor,
        StartsGuestsWithinALapOfAnOldLook,
        MarksSlotsWithoutTheirLap,
    }

    private int Total => Producers * eventsEach;

    /// <summary>The state before the first step.</summary>
    public int[] Start()
    {
        var state = new int[_size];
        Array.Fill(state, -1);
        state[GuestGates] = 0;
        state[Consumer] = state[Guest] = 0;
        for (var i = 0; i < Producers; i++)
        {
            state[FirstProducer + (i * 5)] = 0;
            state[FirstProducer + (i * 5) + 2] = eventsEach;
        }

        return state;
    }

    /// <summary>Whether everything is published and seen.</summary>
    public bool IsDone(int[] state) =>
        state[FirstProducer + 2] == 0
        && state[FirstProducer + 5 + 2] == 0
        && (!hasConsumer || state[ConsumerSequence] == Total - 1)
        && state[GuestSequence] == Total - 1
        && state[Guest] >= 6;

    /// <summary>The states after one step of each actor that can take one; a fault is thrown.</summary>
    public IEnumerable<int[]> Next(int[] state)
    {
        for (var i = 0; i < Producers; i++)
        {
            var next = (int[])state.Clone();
            if (StepProducer(next, FirstProducer + (i * 5)))
            {
                yield return next;
            }
        }

        if (hasConsumer)
        {
            var next = (int[])state.Clone();
            if (StepReader(next, Consumer, 0, ConsumerSequence))
            {
                yield return next;
            }
        }

        var after = (int[])state.Clone();
        if (StepGuest(after))
        {
            yield return after;
        }
    }

    private bool StepProducer(int[] state, int at)
    {
        ref var place = ref state[at];
        ref var claim = ref state[at + 1];
        ref var left = ref state[at + 2];
        ref var gates = ref state[at + 3];
        ref var minimum = ref state[at + 4];
        var slot = claim >= 0 ? claim % capacity : 0;
        switch (place)
        {
            case 0 when left > 0:
                claim = ++state[Cursor];
                place = 1;
                return true;
            case 1: // is there room by what was found before?
                place = claim - capacity <= state[Finished] ? 7 : 2;
                return true;
            case 2:
                gates = state[GuestGates];
                minimum = int.MaxValue;
                place = 3;
                return true;
            case 3: // the consumer's progress; with nobody, what is published
                minimum = hasConsumer ? state[ConsumerSequence] : gates == 0 ? Published(state) : minimum;
                place = gates == 1 ? 4 : 5;
                return true;
            case 4:
                minimum = Math.Min(minimum, state[GuestSequence]);
                place = 5;
                return true;
            case 5:
                place = flaw == Flaw.TakesTheProgressOfAnOldArray || gates == state[GuestGates] ? 6 : 2;
                return true;
            case 6:
                var changed = state[Finished] != minimum || claim - capacity <= minimum;
                state[Finished] = minimum;
                place = claim - capacity <= minimum ? 7 : 2;
                (gates, minimum) = (-1, -1);
                return changed || place == 2;
            case 7 when flaw == Flaw.PublishesBeforeWriting:
                state[Laps + slot] = Lap(claim);
                place = 8;
                return true;
            case 7 or 8:
                state[_slots + (2 * slot)] = claim;
                place = 9;
                return true;
            case 9:
                state[_slots + (2 * slot) + 1] = claim;
                place = 10;
                return true;
            case 10:
                state[Laps + slot] = Lap(claim);
                claim = -1;
                left--;
                place = 0;
                return true;
            default:
                return false;
        }
    }

    // Places from first on: look at the lap, read both halves, release.
    private bool StepReader(int[] state, int at, int first, int sequence)
    {
        var next = state[sequence] + 1;
        switch (state[at] - first)
        {
            case 0 when next < Total && IsPublished(state, next):
                if (flaw == Flaw.ReleasesBeforeReading)
                {
                    state[sequence] = next;
                }

                state[at]++;
                return true;
            case 1 or 2:
                var half = state[at] - first - 1;
                var read = flaw == Flaw.ReleasesBeforeReading ? next - 1 : next;
                var seen = state[_slots + (2 * (read % capacity)) + half];
                if (seen != read)
                {
                    throw new InvalidOperationException($"half {half} of {read} is {seen}");
                }

                state[at]++;
                return true;
            case 3:
                state[sequence] = flaw == Flaw.ReleasesBeforeReading ? next - 1 : next;
                state[at] = first;
                return true;
            default:
                return false;
        }
    }

    private bool StepGuest(int[] state)
    {
        ref var place = ref state[Guest];
        ref var found = ref state[Guest + 1];
        switch (place)
        {
            case 0 or 3: // look where to start
                found = flaw == Flaw.StartsGuestsAtTheCursor ? state[Cursor] : Published(state);
                place++;
                return true;
            case 1 or 4:
                state[GuestSequence] = found;
                place++;
                return true;
            case 2:
                state[GuestGates] = 1;
                place++;
                return true;
            case 5:
                found = -1;
                place = 6;
                return true;
            default:
                return StepReader(state, Guest, 6, GuestSequence);
        }
    }

    private int Lap(int sequence) => flaw == Flaw.MarksSlotsWithoutTheirLap ? int.MaxValue : sequence / capacity;

    private bool IsPublished(int[] state, int sequence) => state[Laps + (sequence % capacity)] >= sequence / capacity;

    private int Published(int[] state)
    {
        var most = flaw == Flaw.StartsGuestsWithinALapOfAnOldLook ? capacity : state[Cursor] - state[Finished];
        var count = 0;
        while (count < most && IsPublished(state, state[Finished] + 1 + count))
        {
            count++;
        }

        return state[Finished] + count;
    }
}
