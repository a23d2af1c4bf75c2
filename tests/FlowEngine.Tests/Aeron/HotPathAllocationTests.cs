using FlowEngine.Aeron;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>No way to publish or to poll allocates, delegates included.</summary>
public sealed class HotPathAllocationTests : IDisposable
{
    private readonly EmbeddedDriver _house = new();
    private readonly Subscription _subscription;
    private readonly Publication _shared;
    private readonly ExclusivePublication _exclusive;
    private readonly byte[] _payload = new byte[2500];
    private readonly ReadOnlyMemory<byte>[] _parts;
    private readonly FragmentHandler _onFragment;
    private readonly ControlledFragmentHandler _onControlled;
    private readonly BlockHandler _onBlock;
    private FragmentAssembler<FragmentDelegate> _assembler;
    private ControlledFragmentAssembler<ControlledFragmentDelegate> _controlled;
    private ImageFragmentAssembler<FragmentDelegate> _single;
    private ImageControlledFragmentAssembler<ControlledFragmentDelegate> _singleControlled;
    private Supplier _supplier;
    private long _bytes;

    public HotPathAllocationTests()
    {
        var client = _house.Connect();
        _subscription = client.AddSubscription("aeron:ipc", 1);
        _shared = client.AddPublication("aeron:ipc?mtu=1024", 1);
        _exclusive = client.AddExclusivePublication("aeron:ipc?mtu=1024", 1);
        _house.Step();
        _parts = [_payload.AsMemory(0, 16), _payload.AsMemory(16)];
        _onFragment = OnFragment;
        _onControlled = OnControlled;
        _onBlock = (block, _, _) => _bytes += block.Length;
        _assembler = new FragmentAssembler<FragmentDelegate>(new FragmentDelegate(_onFragment));
        _controlled = new ControlledFragmentAssembler<ControlledFragmentDelegate>(
            new ControlledFragmentDelegate(_onControlled));
        _single = new ImageFragmentAssembler<FragmentDelegate>(new FragmentDelegate(_onFragment));
        _singleControlled = new ImageControlledFragmentAssembler<ControlledFragmentDelegate>(
            new ControlledFragmentDelegate(_onControlled));
    }

    public static TheoryData<string> Operations =>
    [
        "offer", "offer pair", "offer parts", "offer supplied", "offer claimed", "offer padding", "poll delegate",
        "controlled poll delegate", "block poll delegate", "bounded polls", "peek", "assemble", "assemble image",
        "properties",
    ];

    [Theory]
    [MemberData(nameof(Operations))]
    public void No_operation_allocates(string operation)
    {
        Repeat(operation, 500);
        var taken = _bytes;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Repeat(operation, 5000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(_bytes > taken, "nothing was measured");
    }

    public void Dispose()
    {
        _single.Dispose();
        _singleControlled.Dispose();
        _house.Dispose();
    }

    private void Repeat(string operation, int times)
    {
        for (var i = 0; i < times; i++)
        {
            if (operation.StartsWith("offer", StringComparison.Ordinal))
            {
                Publish(operation);
                Drain();
            }
            else
            {
                Poll(operation);
            }

            _house.Driver.ConductorAgent.DoWork(_house.Clock.NanoTime);
        }
    }

    private void Publish(string operation)
    {
        switch (operation)
        {
            case "offer":
                Count(_shared.Offer(_payload.AsSpan(0, 64)), _exclusive.Offer(_payload));
                break;
            case "offer pair":
                Count(
                    _shared.Offer(_payload.AsSpan(0, 64), _payload.AsSpan(9)),
                    _exclusive.Offer(_payload.AsSpan(0, 64), _payload.AsSpan(9, 2)));
                break;
            case "offer parts":
                Count(_shared.Offer(_parts), _exclusive.Offer(_parts));
                break;
            case "offer supplied":
                Count(_shared.Offer(_payload, ref _supplier), _exclusive.Offer(_parts, ref _supplier));
                break;
            case "offer claimed":
                Claim();
                break;
            case "offer padding":
                Count(_exclusive.AppendPadding(100), _exclusive.Offer(_payload.AsSpan(0, 10)));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, null);
        }
    }

    private void Claim()
    {
        if (_shared.TryClaim(40, out var claim) > 0)
        {
            claim.Commit();
        }

        if (_exclusive.TryClaim(40, out claim) > 0)
        {
            claim.Abort();
        }
    }

    private void Poll(string operation)
    {
        Count(_shared.Offer(_payload), 1);
        var image = _subscription.ImageBySession(_shared.SessionId)!;
        switch (operation)
        {
            case "poll delegate":
                image.Poll(_onFragment, 2);
                Drain();
                break;
            case "controlled poll delegate":
                image.ControlledPoll(_onControlled, 1);
                _subscription.ControlledPoll(_onControlled, 100);
                break;
            case "block poll delegate":
                var adapter = new BlockDelegate(_onBlock);
                image.BlockPoll(ref adapter, 1024);
                _subscription.BlockPoll(_onBlock, 65536);
                break;
            case "bounded polls":
                image.BoundedPoll(_onFragment, image.Position + 64, 10);
                image.BoundedControlledPoll(_onControlled, image.Position + 64, 10);
                Drain();
                break;
            case "peek":
                image.Position = image.ControlledPeek(image.Position, _onControlled, long.MaxValue);
                Drain();
                break;
            case "assemble":
                Count(_exclusive.Offer(_payload), 1);
                _subscription.Poll(ref _assembler, 2);
                _subscription.ControlledPoll(ref _controlled, 20);
                break;
            case "assemble image":
                image.Poll(ref _single, 20);
                Count(_shared.Offer(_payload), 1);
                image.ControlledPoll(ref _singleControlled, 20);
                break;
            case "properties":
                var ends = image.IsEndOfStream || image.IsPublicationRevoked || image.IsClosed;
                _bytes += ends ? 0 : 1 + image.ActiveTransportCount + _shared.AvailableWindow + _exclusive.Position
                    + _shared.ChannelStatus + _shared.PositionLimit;
                Drain();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, null);
        }
    }

    private static void Count(long first, long second) => Assert.True(
        (first > 0 || first is PublicationResult.AdminAction or PublicationResult.BackPressured)
        && (second > 0 || second is PublicationResult.AdminAction or PublicationResult.BackPressured));

    private void Drain()
    {
        while (DelegatePolls.Poll(_subscription, _onFragment, 50) > 0)
        {
        }
    }

    private void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header) => _bytes += payload.Length;

    private ControlledPollAction OnControlled(ReadOnlySpan<byte> payload, in FragmentHeader header)
    {
        _bytes += payload.Length;
        return ControlledPollAction.Commit;
    }

    private struct Supplier : IReservedValueSupplier
    {
        private long _value;

        public long ReservedValue(ReadOnlySpan<byte> frame) => _value++;
    }
}
