using FlowEngine.Aeron.Control;

namespace FlowEngine.Aeron;

/// <summary>Asks a driver to end itself, which it does only if it was set up to accept the token.</summary>
public static class DriverTermination
{
    private const int MaxTokenLength = 4096;

    /// <summary>Sends the request, without being a client. The driver does not answer.</summary>
    /// <param name="directory">Driver's directory.</param>
    /// <param name="token">What the driver's validator wants to see.</param>
    /// <returns>False if the driver's command ring is full.</returns>
    /// <exception cref="FileNotFoundException">There is no driver.</exception>
    public static bool Request(string directory, ReadOnlySpan<byte> token)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(token.Length, MaxTokenLength, nameof(token));
        using var cnc = CncFile.Open(directory);
        var command = new TerminateDriverCommand
        {
            ClientId = cnc.ToDriver.NextCorrelationId(),
            CorrelationId = cnc.ToDriver.NextCorrelationId(),
            Token = token,
        };
        var body = new byte[MaxTokenLength + 64];
        return cnc.ToDriver.TryWrite(CommandType.TerminateDriver, body.AsSpan(0, command.Write(body)));
    }
}
