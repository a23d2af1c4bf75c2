namespace FlowEngine.Core.Errors;

/// <summary>One distinct error of an error log.</summary>
/// <param name="Count">How often it was seen.</param>
/// <param name="FirstMs">First time, epoch milliseconds.</param>
/// <param name="LastMs">Last time, epoch milliseconds.</param>
/// <param name="Text">What happened.</param>
public readonly record struct ErrorObservation(int Count, long FirstMs, long LastMs, string Text);
