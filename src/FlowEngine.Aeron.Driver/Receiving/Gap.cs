namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>A hole in a term.</summary>
/// <param name="TermId">Term it is in.</param>
/// <param name="TermOffset">First missing byte.</param>
/// <param name="Length">Missing bytes, a multiple of 32.</param>
internal readonly record struct Gap(int TermId, int TermOffset, int Length);

/// <summary>What the sender is to be told: consumed up to here, so much more may come.</summary>
internal readonly record struct StatusTarget(long Position, int WindowLength);
