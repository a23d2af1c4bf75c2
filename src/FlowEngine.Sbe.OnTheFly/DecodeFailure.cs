namespace FlowEngine.Sbe.OnTheFly;

/// <summary>What is wrong with a message, and where.</summary>
/// <param name="Fault">The kind of fault; <see cref="DecodeFault.None"/> when all is well.</param>
/// <param name="Offset">Byte of the message, from its header, at which the fault is.</param>
/// <param name="Reason">One clause for a human.</param>
public readonly record struct DecodeFailure(DecodeFault Fault, int Offset, string Reason);
