namespace FlowEngine.Aeron.Driver;

/// <summary>A driver's property cannot be used; the message is a line: where, key, value, what is allowed.</summary>
public sealed class DriverPropertyException(string message) : Exception(message);
