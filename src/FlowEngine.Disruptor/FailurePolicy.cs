namespace FlowEngine.Disruptor;

/// <summary>What a consumer does when its handler throws. Whatever it is, the failure is counted.</summary>
public enum FailurePolicy
{
    /// <summary>Keeps the exception, tells <c>OnFailure</c>, and goes on after the event (a span: after the span).</summary>
    StepOver,

    /// <summary>
    /// Keeps the exception, tells <c>OnFailure</c>, and ends before the event, which the next start handles again. Its
    /// ring's producers are held back from then on: see <c>IsHalted</c> and <c>Ring.HaltedConsumers</c>.
    /// </summary>
    Halt,

    /// <summary>Goes on after the event and tells nobody; <c>Failures</c> counts it.</summary>
    Ignore,
}
