using CsCheck;
using FlowEngine.Aeron.Driver.Sending;
using FlowEngine.Core.Counters;
using Xunit;

namespace FlowEngine.Tests.Aeron.Sending;

/// <summary>Which NAKs are answered, and when, on a virtual clock.</summary>
public sealed class RetransmitHandlerTests
{
    private const long LingerNs = 10_000_000;

    private readonly CountersManager _counters = CountersManager.InPrivateMemory(8);
    private readonly Resends _resends = new();

    [Fact]
    public void A_unicast_nak_is_answered_at_once_and_its_repetitions_only_after_the_linger()
    {
        var handler = NewHandler();
        handler.OnNak(7, 1024, 2048, 0, _resends);
        handler.OnNak(7, 1024, 2048, 100_000, _resends);
        handler.OnNak(7, 2048, 1024, 200_000, _resends);
        Assert.Equal([(7, 1024, 2048)], _resends.Taken);

        handler.ProcessTimeouts(LingerNs, _resends);
        handler.OnNak(7, 1024, 2048, LingerNs, _resends);
        Assert.Equal([(7, 1024, 2048)], _resends.Taken);

        handler.ProcessTimeouts(LingerNs + 1, _resends);
        handler.OnNak(7, 1024, 2048, LingerNs + 1, _resends);
        Assert.Equal([(7, 1024, 2048), (7, 1024, 2048)], _resends.Taken);
    }

    [Fact]
    public void A_unicast_nak_for_something_else_takes_the_slot()
    {
        var handler = NewHandler();
        handler.OnNak(7, 0, 1024, 0, _resends);
        handler.OnNak(7, 1024, 1024, 1, _resends);
        handler.OnNak(8, 1024, 1024, 2, _resends);

        // The slot is the last one's: the first gap is no longer known.
        handler.OnNak(7, 0, 1024, 3, _resends);
        Assert.Equal([(7, 0, 1024), (7, 1024, 1024), (8, 1024, 1024), (7, 0, 1024)], _resends.Taken);
        Assert.Equal(0, _counters.Counter(0).Get());
    }

    [Fact]
    public void With_a_delay_the_answer_waits_and_a_second_nak_does_not_double_it()
    {
        var handler = NewHandler(delayNs: 5000);
        handler.OnNak(7, 0, 1024, 0, _resends);
        handler.OnNak(7, 512, 512, 1, _resends);
        handler.ProcessTimeouts(5000, _resends);
        Assert.Empty(_resends.Taken);
        handler.ProcessTimeouts(5001, _resends);
        handler.ProcessTimeouts(5002, _resends);
        Assert.Equal([(7, 0, 1024)], _resends.Taken);
    }

    [Fact]
    public void A_group_has_as_many_slots_as_it_is_given_and_counts_what_finds_none()
    {
        var handler = NewHandler(isGroup: true, maxResend: 3);
        for (var i = 0; i < 5; i++)
        {
            handler.OnNak(7, i * 4096, 1024, i, _resends);
        }

        handler.OnNak(7, 512, 32, 5, _resends);
        Assert.Equal([(7, 0, 1024), (7, 4096, 1024), (7, 8192, 1024)], _resends.Taken);
        Assert.Equal(2, _counters.Counter(0).Get());

        handler.ProcessTimeouts(LingerNs + 1, _resends);
        handler.OnNak(7, 3 * 4096, 1024, LingerNs + 1, _resends);
        Assert.Equal((7, 3 * 4096, 1024), _resends.Taken[^1]);
        Assert.Equal(4, _resends.Taken.Count);
    }

    [Fact]
    public void Any_sequence_of_naks_is_answered_as_a_list_of_recent_answers_would_answer_it() =>
        Gen.Select(Gen.Bool, Gen.Int[1, 4], s_operation.Array[0, 200]).Sample((isGroup, maxResend, operations) =>
        {
            var counters = CountersManager.InPrivateMemory(8);
            var overflow = counters.Counter(counters.Allocate(0, default, "overflow"));
            var handler = new RetransmitHandler(0, LingerNs, isGroup, maxResend, overflow);
            var resends = new Resends();
            var recent = new List<(int TermId, int Offset, int Length, long UntilNs)>();
            var expected = new List<(int, int, int)>();
            var expectedOverflow = 0;
            var nowNs = 0L;
            foreach (var (termId, offset, length, waitNs) in operations)
            {
                nowNs += waitNs;
                handler.ProcessTimeouts(nowNs, resends);
                handler.OnNak(termId, offset * 32, length * 32, nowNs, resends);

                recent.RemoveAll(answer => nowNs > answer.UntilNs);
                if (recent.Any(a => a.TermId == termId && Enumerable.Range(a.Offset, a.Length).Contains(offset)))
                {
                    continue;
                }

                if (isGroup && recent.Count == maxResend)
                {
                    expectedOverflow++;
                    continue;
                }

                if (!isGroup)
                {
                    recent.Clear();
                }

                recent.Add((termId, offset, length, nowNs + LingerNs));
                expected.Add((termId, offset * 32, length * 32));
            }

            return expected.SequenceEqual(resends.Taken) && overflow.Get() == expectedOverflow;
        });

    private static readonly Gen<(int, int, int, int)> s_operation =
        Gen.Select(Gen.Int[7, 8], Gen.Int[0, 20], Gen.Int[1, 8], Gen.Int[0, 4_000_000]);

    private RetransmitHandler NewHandler(long delayNs = 0, bool isGroup = false, int maxResend = 16) => new(
        delayNs, LingerNs, isGroup, maxResend, _counters.Counter(_counters.Allocate(0, default, "overflow")));

    private sealed class Resends : IRetransmitter
    {
        public List<(int TermId, int Offset, int Length)> Taken { get; } = [];

        public void Resend(int termId, int termOffset, int length, long nowNs) =>
            Taken.Add((termId, termOffset, length));
    }
}
