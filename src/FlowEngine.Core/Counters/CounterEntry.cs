namespace FlowEngine.Core.Counters;

/// <summary>A counter as a scan found it: a copy, for tools.</summary>
/// <param name="Id">Counter id.</param>
/// <param name="TypeId">
/// Type id: 0 system counter, 1 publisher limit, 4 subscriber position, ...; applications choose their own.
/// </param>
/// <param name="RegistrationId">Id of the registration that made it.</param>
/// <param name="OwnerId">Client id, or -1.</param>
/// <param name="ReferenceId">Type specific: the image of a subscriber position.</param>
/// <param name="Value">Value when read.</param>
/// <param name="Label">Text for people.</param>
public readonly record struct CounterEntry(
    int Id, int TypeId, long RegistrationId, long OwnerId, long ReferenceId, long Value, string Label);
