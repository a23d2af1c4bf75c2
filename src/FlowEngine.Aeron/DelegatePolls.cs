using FlowEngine.Core;

namespace FlowEngine.Aeron;

/// <summary>
/// Polls with delegates, for those who do not need the last nanosecond: make the delegate once, not at each call, and
/// nothing is allocated.
/// </summary>
[Hot]
public static class DelegatePolls
{
    /// <summary><see cref="Subscription.Poll"/> with a delegate.</summary>
    public static int Poll(this Subscription subscription, FragmentHandler handler, int fragmentLimit)
    {
        var adapter = new FragmentDelegate(handler);
        return subscription.Poll(ref adapter, fragmentLimit);
    }

    /// <summary><see cref="Subscription.ControlledPoll"/> with a delegate.</summary>
    public static int ControlledPoll(
        this Subscription subscription, ControlledFragmentHandler handler, int fragmentLimit)
    {
        var adapter = new ControlledFragmentDelegate(handler);
        return subscription.ControlledPoll(ref adapter, fragmentLimit);
    }

    /// <summary><see cref="Subscription.BlockPoll"/> with a delegate.</summary>
    public static long BlockPoll(this Subscription subscription, BlockHandler handler, int blockLengthLimit)
    {
        var adapter = new BlockDelegate(handler);
        return subscription.BlockPoll(ref adapter, blockLengthLimit);
    }

    /// <summary><see cref="Image.Poll"/> with a delegate.</summary>
    public static int Poll(this Image image, FragmentHandler handler, int fragmentLimit)
    {
        var adapter = new FragmentDelegate(handler);
        return image.Poll(ref adapter, fragmentLimit);
    }

    /// <summary><see cref="Image.BoundedPoll"/> with a delegate.</summary>
    public static int BoundedPoll(this Image image, FragmentHandler handler, long limitPosition, int fragmentLimit)
    {
        var adapter = new FragmentDelegate(handler);
        return image.BoundedPoll(ref adapter, limitPosition, fragmentLimit);
    }

    /// <summary><see cref="Image.ControlledPoll"/> with a delegate.</summary>
    public static int ControlledPoll(this Image image, ControlledFragmentHandler handler, int fragmentLimit)
    {
        var adapter = new ControlledFragmentDelegate(handler);
        return image.ControlledPoll(ref adapter, fragmentLimit);
    }

    /// <summary><see cref="Image.BoundedControlledPoll"/> with a delegate.</summary>
    public static int BoundedControlledPoll(
        this Image image, ControlledFragmentHandler handler, long limitPosition, int fragmentLimit)
    {
        var adapter = new ControlledFragmentDelegate(handler);
        return image.BoundedControlledPoll(ref adapter, limitPosition, fragmentLimit);
    }

    /// <summary><see cref="Image.ControlledPeek"/> with a delegate.</summary>
    public static long ControlledPeek(
        this Image image, long initialPosition, ControlledFragmentHandler handler, long limitPosition)
    {
        var adapter = new ControlledFragmentDelegate(handler);
        return image.ControlledPeek(initialPosition, ref adapter, limitPosition);
    }

    /// <summary><see cref="Image.BlockPoll"/> with a delegate.</summary>
    public static int BlockPoll(this Image image, BlockHandler handler, int blockLengthLimit)
    {
        var adapter = new BlockDelegate(handler);
        return image.BlockPoll(ref adapter, blockLengthLimit);
    }
}
