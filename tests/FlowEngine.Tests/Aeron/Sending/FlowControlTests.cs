using CsCheck;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Driver.Sending;
using FlowEngine.Aeron.Protocol;
using FlowEngine.Core.Counters;
using Xunit;

namespace FlowEngine.Tests.Aeron.Sending;

/// <summary>Each flow control against a slow model of what it is said to do, under random status messages.</summary>
public sealed class FlowControlTests
{
    private const long TimeoutNs = 5_000_000_000;
    private const long Tag = 5;

    private static readonly Gen<Operation> s_operations =
        Gen.Select(
            Gen.Int[0, 9],
            Gen.Int[0, 3],
            Gen.Int[0, 40],
            Gen.Int[0, 6],
            Gen.Int[0, 3],
            Gen.Int[0, 9],
            Gen.Int[0, 3_000])
        .Select((kind, receiver, step, window, tag, eos, waitMs) => new Operation(
            kind, receiver, step * 512, window * 4096, tag, eos == 0, waitMs * 1_000_000L));

    [Fact]
    public void Max_never_moves_back_and_takes_the_furthest_window() => s_operations.Array[0, 100].Sample(operations =>
    {
        var flowControl = new MaxFlowControl(131072, 16);
        var limit = 0L;
        var furthest = 0L;
        foreach (var operation in operations)
        {
            limit = flowControl.OnStatusMessage(operation.Frame(0), operation.Step, limit, 0);
            furthest = Math.Max(furthest, operation.Step + operation.Window);
            limit = flowControl.OnIdle(limit, 0);
            if (limit != furthest)
            {
                return false;
            }
        }

        return flowControl.HasRequiredReceivers;
    });

    [Theory]
    [InlineData("min", 0)]
    [InlineData("min,g:/2", 2)]
    [InlineData("tagged,g:5", 0)]
    [InlineData("tagged,g:5/3", 3)]
    public void Group_flow_control_does_what_a_list_of_receivers_says(string text, int minSize) =>
        s_operations.Array[0, 150].Sample(operations =>
        {
            var options = FlowControlOptions.Parse(text, new MediaDriverContext());
            var counters = CountersManager.InPrivateMemory(2);
            var counter = counters.Counter(counters.Allocate(17, default, "fc-receivers"));
            var flowControl = new GroupFlowControl(options, 131072, counter);
            var model = new Model(options.IsTagged, minSize);
            var limit = 0L;
            var base0 = 0L;
            var nowNs = 0L;
            foreach (var operation in operations)
            {
                nowNs += operation.WaitNs;
                base0 += operation.Step / 8;
                var before = limit;
                limit = Apply(flowControl, operation, base0, limit, nowNs);
                if (limit != model.Apply(operation, base0, before, nowNs)
                    || counter.Get() != model.Receivers.Count
                    || flowControl.HasRequiredReceivers != (model.Receivers.Count >= minSize))
                {
                    return false;
                }
            }

            return true;
        });

    [Fact]
    public void Min_waits_for_a_receiver_that_asked_for_a_setup_until_it_joins()
    {
        var flowControl = NewGroup("min");
        var limit = flowControl.OnStatusMessage(Frame(1, 32768), 0, 0, 0);
        Assert.Equal(32768, limit);

        flowControl.OnSetupElicited(Frame(2, 0));
        flowControl.OnSetup(limit, 1);
        Assert.Equal(32768, flowControl.OnStatusMessage(Frame(1, 32768), 20000, limit, 2));
        Assert.Equal(32768, flowControl.OnIdle(limit, 3));

        // It joins: from now on its own window counts.
        Assert.Equal(32768, flowControl.OnStatusMessage(Frame(2, 32768), 20000, limit, 4));
        Assert.Equal(52768, flowControl.OnStatusMessage(Frame(1, 32768), 20000, limit, 5));
    }

    [Fact]
    public void Min_stops_waiting_for_a_newcomer_after_the_receiver_timeout()
    {
        var flowControl = NewGroup("min,t:1s");
        var limit = flowControl.OnStatusMessage(Frame(1, 32768), 0, 0, 0);
        flowControl.OnSetupElicited(Frame(2, 0));
        flowControl.OnSetup(limit, 0);
        Assert.Equal(32768, flowControl.OnStatusMessage(Frame(1, 32768), 20000, limit, 1_000_000_000));
        Assert.Equal(52768, flowControl.OnStatusMessage(Frame(1, 32768), 20000, limit, 1_000_000_001));
    }

    [Fact]
    public void Min_lets_go_of_receivers_that_refuse_the_stream()
    {
        var flowControl = NewGroup("min");
        flowControl.OnStatusMessage(Frame(1, 1024), 0, 0, 0);
        var limit = flowControl.OnStatusMessage(Frame(2, 32768), 0, 0, 0);
        Assert.Equal(1024, limit);
        flowControl.OnError(1);
        Assert.Equal(32768, flowControl.OnIdle(limit, 1));
    }

    [Theory]
    [InlineData("max", "max", -1, 0, TimeoutNs, 4)]
    [InlineData("max,rrwm:9", "max", -1, 0, TimeoutNs, 9)]
    [InlineData("min", "min", -1, 0, TimeoutNs, 4)]
    [InlineData("min,g:/3", "min", -1, 3, TimeoutNs, 4)]
    [InlineData("min,t:250ms,g:/2", "min", -1, 2, 250_000_000, 4)]
    [InlineData("tagged,g:-7", "tagged", -7, 0, TimeoutNs, 4)]
    [InlineData("tagged,g:42/12,t:3s,rrwm:2", "tagged", 42, 12, 3_000_000_000, 2)]
    public void Options_are_read(string text, string name, long tag, int minSize, long timeoutNs, int windows)
    {
        var options = FlowControlOptions.Parse(text, new MediaDriverContext());
        Assert.Equal(
            (name, tag, minSize, timeoutNs, windows),
            (options.Name,
                options.GroupTag,
                options.GroupMinSize,
                options.ReceiverTimeoutNs,
                options.RetransmitWindows));
    }

    [Theory]
    [InlineData("")]
    [InlineData("fast")]
    [InlineData("max,g:1")]
    [InlineData("max,rrwm:0")]
    [InlineData("min,")]
    [InlineData("min,g:")]
    [InlineData("min,g:x")]
    [InlineData("min,g:1/")]
    [InlineData("min,g:1/-1")]
    [InlineData("min,t:soon")]
    [InlineData("tagged,g:1,h:2")]
    public void Malformed_options_are_refused(string text)
    {
        var exception = Assert.Throws<CommandException>(() => FlowControlOptions.Parse(text, new MediaDriverContext()));
        Assert.Equal(ErrorCode.InvalidChannel, exception.Code);
    }

    [Theory]
    [InlineData("aeron:udp?endpoint=127.0.0.1:24200", typeof(MaxFlowControl))]
    [InlineData("aeron:udp?endpoint=127.0.0.1:24200|fc=min", typeof(MaxFlowControl))]
    [InlineData("aeron:udp?endpoint=224.20.30.39:24200|interface=127.0.0.1", typeof(MaxFlowControl))]
    [InlineData("aeron:udp?endpoint=224.20.30.39:24200|interface=127.0.0.1|fc=tagged,g:5", typeof(GroupFlowControl))]
    [InlineData("aeron:udp?control=127.0.0.1:24300|control-mode=dynamic|fc=min", typeof(GroupFlowControl))]
    [InlineData("aeron:udp?control-mode=manual", typeof(MaxFlowControl))]
    public void The_channel_chooses_the_flow_control_of_groups_only(string channel, Type expected)
    {
        var uri = ChannelUri.Parse(channel);
        var created = FlowControl.Create(
            uri, UdpChannel.Parse(uri, DnsResolver.Instance), new MediaDriverContext(), () => default);
        Assert.IsType(expected, created);
    }

    [Theory]
    [InlineData(0, 1024, 1024)]
    [InlineData(65536 - 512, 1024, 512)]
    [InlineData(0, 65536, 65536)]
    public void A_unicast_gap_is_sent_again_up_to_the_end_of_its_term(int offset, int length, int expected) =>
        Assert.Equal(expected, new MaxFlowControl(131072, 16).MaxRetransmitLength(offset, length, 65536));

    [Fact]
    public void A_gap_is_sent_again_up_to_some_receiver_windows() =>
        Assert.Equal(4 * 128 * 1024, new MaxFlowControl(128 * 1024, 4).MaxRetransmitLength(0, 16 << 20, 16 << 20));

    private static GroupFlowControl NewGroup(string text) =>
        new(FlowControlOptions.Parse(text, new MediaDriverContext()), 131072, default);

    private static StatusFrame Frame(long receiverId, int window) => new(0, 100, 5001, 7, 0, window, receiverId, null);

    private static long Apply(GroupFlowControl flowControl, Operation operation, long base0, long limit, long nowNs)
    {
        switch (operation.Kind)
        {
            case 0:
                return flowControl.OnIdle(limit, nowNs);
            case 1:
                flowControl.OnError(operation.Receiver);
                return limit;
            case 2:
                flowControl.OnSetupElicited(operation.Frame(operation.Receiver));
                return limit;
            case 3:
                flowControl.OnSetup(limit, nowNs);
                return limit;
            default:
                return flowControl.OnStatusMessage(
                    operation.Frame(operation.Receiver), base0 + operation.Step, limit, nowNs);
        }
    }

    private sealed record Operation(int Kind, int Receiver, int Step, int Window, int TagChoice, bool Eos, long WaitNs)
    {
        public long? GroupTag => TagChoice switch { 0 => null, 1 => Tag + 1, _ => Tag };

        public StatusFrame Frame(long receiverId) =>
            new(Eos ? (byte)0x40 : (byte)0, 100, 5001, 7, 0, Window, receiverId, GroupTag);
    }

    /// <summary>What section 18.3 of the fact sheet says, with lists.</summary>
    private sealed class Model(bool isTagged, int minSize)
    {
        private bool _isSetupWanted;
        private (long Limit, long UntilNs)? _held;

        public Dictionary<long, (long WindowEnd, long LastNs, bool IsGone)> Receivers { get; } = [];

        public long Apply(Operation operation, long base0, long limit, long nowNs)
        {
            var counts = !isTagged || operation.GroupTag == Tag;
            switch (operation.Kind)
            {
                case 0:
                    foreach (var (id, receiver) in Receivers.ToArray())
                    {
                        if (receiver.IsGone || nowNs > receiver.LastNs + TimeoutNs)
                        {
                            Receivers.Remove(id);
                        }
                    }

                    return Receivers.Count == 0 || Receivers.Count < minSize ? limit : Slowest(nowNs);
                case 1:
                    if (Receivers.TryGetValue(operation.Receiver, out var refusing))
                    {
                        Receivers[operation.Receiver] = refusing with { IsGone = true };
                    }

                    return limit;
                case 2:
                    _isSetupWanted = _isSetupWanted || counts;
                    return limit;
                case 3:
                    _held = _isSetupWanted && Receivers.Count > 0 ? (limit, nowNs + TimeoutNs) : _held;
                    _isSetupWanted = false;
                    return limit;
                default:
                    return OnStatusMessage(operation, counts, base0 + operation.Step + operation.Window, limit, nowNs);
            }
        }

        private long OnStatusMessage(Operation operation, bool counts, long windowEnd, long limit, long nowNs)
        {
            var isKnown = Receivers.ContainsKey(operation.Receiver);
            if (counts && isKnown)
            {
                Receivers[operation.Receiver] = (windowEnd, nowNs, operation.Eos);
            }

            var slowest = Slowest(nowNs);
            if (counts && !isKnown && !operation.Eos
                && (Receivers.Count == 0 || windowEnd >= slowest - operation.Window))
            {
                Receivers[operation.Receiver] = (windowEnd, nowNs, false);
                slowest = Math.Min(slowest, windowEnd);
                _held = null;
            }

            if (Receivers.Count < minSize)
            {
                return limit;
            }

            return Math.Max(limit, Receivers.Count == 0 ? windowEnd : slowest);
        }

        private long Slowest(long nowNs)
        {
            if (_held is { } held && nowNs > held.UntilNs)
            {
                _held = null;
            }

            return Receivers.Values.Select(receiver => receiver.WindowEnd).Append(_held?.Limit ?? long.MaxValue).Min();
        }
    }
}
