using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Cme;

/// <summary>
/// One channel: its sequence of packets over two lines, packets that wait for a missing one, and the match event that
/// has not ended yet. Which copy comes first counts. A packet that comes too early waits as long as the other line may
/// still bring the missing ones: it has spoken within a second, has not passed them, not more than 32 packets wait, and
/// not longer than 10 ms. Ingress thread.
/// </summary>
internal sealed class CmeChannel
{
    /// <summary>Events of one match event that are kept together; more are handed on in parts.</summary>
    public const int PendingCapacity = 1024;

    private const int MaxHeld = 32;
    private const int MaxGroups = 128;
    private const int MaxHeldLength = 2048;
    private const long MaxHoldNs = 10_000_000;
    private const long LineSilenceNs = 1_000_000_000;
    private const int MaxLatePackets = 65_536;

    private readonly Line[] _lines = new Line[2];
    private readonly uint[] _heldSequences = new uint[MaxHeld];
    private readonly int[] _heldLengths = new int[MaxHeld];
    private readonly int[] _heldSlots = new int[MaxHeld];
    private readonly ulong[] _closedGroups = new ulong[MaxGroups];
    private byte[] _held = [];
    private int _closedCount;
    private int _heldCount;
    private long _holdStartNs;
    private long _newestNs;
    private long _loopNs = long.MinValue;
    private int _loopLine;
    private bool _isKnown;

    public CmeChannel(int index) => Index = index;

    /// <summary>Number of the channel in its decoder.</summary>
    public int Index { get; }

    /// <summary>Sequence of the packet that comes next.</summary>
    public uint Expected { get; private set; }

    /// <summary>
    /// The status of the channel as a whole, for instruments of which nobody knows the group: open when all groups are
    /// that have told of themselves.
    /// </summary>
    public TradingStatus GroupStatus { get; private set; }

    /// <summary>Events of the match event that has not ended.</summary>
    public MarketEvent[] Pending { get; } = new MarketEvent[PendingCapacity];

    /// <summary>How many they are.</summary>
    public int PendingCount { get; set; }

    /// <summary>The match event's time.</summary>
    public ulong PendingTime { get; set; }

    /// <summary>A group turned.</summary>
    public void SeeGroup(ulong group, TradingStatus status)
    {
        Span<ulong> closed = _closedGroups.AsSpan(0, _closedCount);
        int at = closed.IndexOf(group);
        if (status == TradingStatus.Open && at >= 0)
        {
            closed[at] = closed[^1];
            _closedCount--;
        }
        else if (status != TradingStatus.Open && at < 0 && _closedCount < MaxGroups)
        {
            _closedGroups[_closedCount++] = group;
        }

        GroupStatus = status != TradingStatus.Open || _closedCount == 0 ? status : GroupStatus;
    }

    /// <summary>Judges a packet of the increments.</summary>
    [Hot]
    public CmeAdmission Admit(uint sequence, int line, long timeNs)
    {
        ref Line from = ref _lines[line];
        bool isForward = !from.IsKnown || (int)(sequence - from.Newest) > 0;
        from.Newest = isForward ? sequence : from.Newest;
        from.NewestNs = timeNs;
        from.IsKnown = true;
        if (!_isKnown)
        {
            _isKnown = true;
            return CmeAdmission.Take;
        }

        int ahead = (int)(sequence - Expected);
        if (ahead == 0)
        {
            return CmeAdmission.Take;
        }

        if (ahead > 0)
        {
            return CmeAdmission.Early;
        }

        if (ahead >= -MaxLatePackets && timeNs - _newestNs <= LineSilenceNs)
        {
            return CmeAdmission.Copy;
        }

        from.Newest = sequence;
        _lines[1 - line] = default;
        _heldCount = 0;
        return CmeAdmission.Restart;
    }

    /// <summary>A heartbeat counts where it is the next packet.</summary>
    /// <returns>Whether it was.</returns>
    [Hot]
    public bool TryBeat(uint sequence, long timeNs)
    {
        bool isNext = _isKnown && sequence == Expected;
        if (isNext)
        {
            Pass(sequence, timeNs);
        }

        return isNext;
    }

    /// <summary>Goes on behind a packet.</summary>
    [Hot]
    public void Pass(uint sequence, long timeNs)
    {
        Expected = sequence + 1;
        _newestNs = timeNs;
    }

    /// <summary>
    /// Loops come round by themselves: one line is listened to for as long as it speaks, so that pieces of two rounds
    /// never mix.
    /// </summary>
    [Hot]
    public bool TryTakeLoop(int line, long timeNs)
    {
        if (line != _loopLine && timeNs - LineSilenceNs <= _loopNs)
        {
            return false;
        }

        _loopLine = line;
        _loopNs = timeNs;
        return true;
    }

    /// <summary>Keeps an early packet for later.</summary>
    /// <returns>False where there is no room for it.</returns>
    [Hot]
    public bool TryHold(uint sequence, ReadOnlySpan<byte> datagram, long timeNs, out bool isCopy)
    {
        isCopy = _heldSequences.AsSpan(0, _heldCount).Contains(sequence);
        if (isCopy)
        {
            return true;
        }

        if (_heldCount == MaxHeld || datagram.Length > MaxHeldLength)
        {
            return false;
        }

        if (_held.Length == 0)
        {
            Prepare();
        }

        _holdStartNs = _heldCount == 0 ? timeNs : _holdStartNs;
        datagram.CopyTo(_held.AsSpan(_heldSlots[_heldCount] * MaxHeldLength));
        _heldSequences[_heldCount] = sequence;
        _heldLengths[_heldCount] = datagram.Length;
        _heldCount++;
        return true;
    }

    /// <summary>Lets go of the next packet that waited, if its turn has come or waiting has no sense.</summary>
    /// <param name="timeNs">Now.</param>
    /// <param name="isForced">Whether room is wanted.</param>
    /// <param name="sequence">Its sequence.</param>
    /// <param name="datagram">Its bytes, until the next packet is held.</param>
    [Hot]
    public bool TryRelease(long timeNs, bool isForced, out uint sequence, out ReadOnlySpan<byte> datagram)
    {
        while (_heldCount > 0)
        {
            var at = 0;
            for (var i = 1; i < _heldCount; i++)
            {
                at = (int)(_heldSequences[i] - _heldSequences[at]) < 0 ? i : at;
            }

            sequence = _heldSequences[at];
            int ahead = (int)(sequence - Expected);
            if (ahead > 0 && !isForced && MayCome(timeNs))
            {
                break;
            }

            datagram = _held.AsSpan(_heldSlots[at] * MaxHeldLength, _heldLengths[at]);
            int last = --_heldCount;
            _heldSequences[at] = _heldSequences[last];
            _heldLengths[at] = _heldLengths[last];
            (_heldSlots[at], _heldSlots[last]) = (_heldSlots[last], _heldSlots[at]);
            if (ahead >= 0)
            {
                return true;
            }
        }

        sequence = 0;
        datagram = default;
        return false;
    }

    /// <summary>Whether the packet that is missing may still come over a line that has not passed it.</summary>
    private bool MayCome(long timeNs)
    {
        if (timeNs - _holdStartNs > MaxHoldNs)
        {
            return false;
        }

        var mayCome = false;
        foreach (ref readonly Line line in _lines.AsSpan())
        {
            mayCome |= line.IsKnown && timeNs - line.NewestNs <= LineSilenceNs && (int)(line.Newest - Expected) < 0;
        }

        return mayCome;
    }

    private void Prepare()
    {
        _held = new byte[MaxHeld * MaxHeldLength];
        for (var slot = 0; slot < MaxHeld; slot++)
        {
            _heldSlots[slot] = slot;
        }
    }

    private struct Line
    {
        public long NewestNs;
        public uint Newest;
        public bool IsKnown;
    }
}
