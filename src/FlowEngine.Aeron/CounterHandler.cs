using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron;

/// <summary>
/// Told that a counter of any client has come or gone. In the conductor: must be quick, and must not add resources.
/// </summary>
/// <param name="counters">All counters.</param>
/// <param name="registrationId">Id of the counter's registration.</param>
/// <param name="counterId">Id of the counter.</param>
public delegate void CounterHandler(CountersReader counters, long registrationId, int counterId);
