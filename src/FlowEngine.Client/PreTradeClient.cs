using FlowEngine.Aeron;
using FlowEngine.Core;
using FlowEngine.Core.Time;
using FlowEngine.Messages.PreTrade;

namespace FlowEngine.Client;

/// <summary>
/// Asks a running engine what orders would cost. Any number of clients share the two streams: each keeps the answers
/// that carry its own number. Allocates nothing after construction. One thread asks and polls.
/// </summary>
public sealed class PreTradeClient : IFragmentHandler
{
    /// <summary>How long an answer may take unless told otherwise: a second.</summary>
    public const long DefaultTimeoutNs = 1_000_000_000;

    private const int DefaultCapacity = 64;
    private const int AdminActionTries = 3;

    private static int s_made;

    private readonly ExclusivePublication _requests;
    private readonly Subscription _answers;
    private readonly PreTradeHandler _handler;
    private readonly long _timeoutNs;

    // By correlation id modulo capacity: when to give up, 0 where nothing waits.
    private readonly Waiting[] _waiting;
    private ulong _newest;
    private int _outstanding;
    private PreTradeClient _self;

    /// <summary>A client over a publication of the request stream and a subscription of the answer stream.</summary>
    /// <param name="requests">Requests, stream 2003 by default.</param>
    /// <param name="answers">Answers, stream 2004 by default; untethered (<c>tether=false</c>) so that a slow client
    /// holds back no other.</param>
    /// <param name="handler">Called with answers and timeouts.</param>
    /// <param name="clientId">This client's own number: see <see cref="NewClientId"/>.</param>
    /// <param name="capacity">Questions that may wait for answers, at least 1.</param>
    /// <param name="timeoutNs">How long an answer may take, more than 0.</param>
    public PreTradeClient(
        ExclusivePublication requests, Subscription answers, PreTradeHandler handler, ulong clientId,
        int capacity = DefaultCapacity, long timeoutNs = DefaultTimeoutNs)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(clientId, CostRequestReader.ClientIdNull);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeoutNs, 1);
        _requests = requests;
        _answers = answers;
        _handler = handler;
        ClientId = clientId;
        _timeoutNs = timeoutNs;
        _waiting = new Waiting[capacity];
        _self = this;
    }

    /// <summary>This client's number.</summary>
    public ulong ClientId { get; }

    /// <summary>Whether an engine listens and answers.</summary>
    public bool IsConnected => _requests.IsConnected && _answers.IsConnected;

    /// <summary>Questions that wait for answers.</summary>
    public int Outstanding => _outstanding;

    /// <summary>Answers shown to the handler.</summary>
    public long Answered { get; private set; }

    /// <summary>Questions given up.</summary>
    public long TimedOut { get; private set; }

    /// <summary>Answers that came after that.</summary>
    public long Late { get; private set; }

    /// <summary>Answers to other clients, passed over.</summary>
    public long OfOthers { get; private set; }

    /// <summary>Messages that are no answers.</summary>
    public long Unreadable { get; private set; }

    /// <summary>A number that no other client has by all odds: when it was made, and a count. Any thread.</summary>
    public static ulong NewClientId()
    {
        const int CountBits = 8;
        var made = (byte)Interlocked.Increment(ref s_made); // pairs with itself: no two are alike
        return ((ulong)SystemClock.EpochNanosNow() << CountBits) | made;
    }

    /// <summary>Asks.</summary>
    /// <param name="question">What; the engine judges its fields.</param>
    /// <param name="correlationId">Which answer is to be its own; 0 where it was not sent.</param>
    [Hot]
    public AskResult TryAsk(in PreTradeQuestion question, out ulong correlationId)
    {
        correlationId = 0;
        var next = _newest + 1;
        ref var waiting = ref _waiting[next % (ulong)_waiting.Length];
        if (waiting.DeadlineNs != 0)
        {
            return AskResult.TooMany;
        }

        BufferClaim claim = default;
        var position = PublicationResult.AdminAction;
        for (var i = 0; i < AdminActionTries && position == PublicationResult.AdminAction; i++)
        {
            position = _requests.TryClaim(CostRequestReader.EncodedFixedLength, out claim);
        }

        if (position <= 0)
        {
            return position == PublicationResult.NotConnected || position == PublicationResult.Closed
                ? AskResult.NotConnected
                : AskResult.NotNow;
        }

        _ = new CostRequestWriter(claim.Span)
        {
            ClientId = ClientId,
            CorrelationId = next,
            Epoch = question.Epoch,
            InstrumentId = (uint)question.InstrumentId,
            Side = question.Side,
            Slices = (byte)Math.Clamp(question.Slices, 0, CostRequestReader.SlicesMax),
            Lots = question.Lots,
            HorizonNs = question.HorizonNs,
            RiskAversion = question.RiskAversion,
        };
        claim.Commit();
        waiting = new Waiting(next, SystemClock.Nanos() + _timeoutNs);
        _newest = next;
        _outstanding++;
        correlationId = next;
        return AskResult.Sent;
    }

    /// <summary>Reads what is there, and tells of what is overdue.</summary>
    /// <returns>Messages read, those of other clients too.</returns>
    [Hot]
    public int Poll(int fragmentLimit)
    {
        var read = _answers.Poll(ref _self, fragmentLimit);
        if (_outstanding > 0)
        {
            GiveUp(SystemClock.Nanos());
        }

        return read;
    }

    /// <inheritdoc/>
    [Hot]
    public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
    {
        if (!CostAnswerReader.TryWrap(payload, out var answer))
        {
            Unreadable++;
            return;
        }

        if (answer.ClientId != ClientId)
        {
            OfOthers++;
            return;
        }

        ref var waiting = ref _waiting[answer.CorrelationId % (ulong)_waiting.Length];
        if (waiting.DeadlineNs == 0 || waiting.CorrelationId != answer.CorrelationId)
        {
            Late++;
            return;
        }

        waiting = default;
        _outstanding--;
        Answered++;
#pragma warning disable FE005 // The handler is the user's own code: one virtual call an answer is its price.
        _handler.OnAnswer(in answer);
    }

    private void GiveUp(long nowNs)
    {
        // In the order asked.
        for (var back = (ulong)_waiting.Length; back > 0; back--)
        {
            ref var waiting = ref _waiting[(_newest + (ulong)_waiting.Length - back + 1) % (ulong)_waiting.Length];
            if (waiting.DeadlineNs == 0 || nowNs < waiting.DeadlineNs)
            {
                continue;
            }

            var correlationId = waiting.CorrelationId;
            waiting = default;
            _outstanding--;
            TimedOut++;
            _handler.OnTimeout(correlationId);
        }
#pragma warning restore FE005
    }

    private readonly record struct Waiting(ulong CorrelationId, long DeadlineNs);
}
