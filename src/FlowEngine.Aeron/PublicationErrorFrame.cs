using System.Net;
using System.Text;
using FlowEngine.Aeron.Control;

namespace FlowEngine.Aeron;

/// <summary>What a receiver told a publisher by an error frame, such as that it rejected the stream.</summary>
/// <param name="RegistrationId">Registration that created the publication.</param>
/// <param name="DestinationRegistrationId">The destination it came from, or -1.</param>
/// <param name="SessionId">Session.</param>
/// <param name="StreamId">Stream.</param>
/// <param name="ReceiverId">Id of the receiver.</param>
/// <param name="GroupTag">Tag of its group, or -1.</param>
/// <param name="Source">Where it came from; null if the driver did not say.</param>
/// <param name="Code">What it is.</param>
/// <param name="Message">The receiver's words.</param>
public sealed record PublicationErrorFrame(
    long RegistrationId,
    long DestinationRegistrationId,
    int SessionId,
    int StreamId,
    long ReceiverId,
    long GroupTag,
    IPEndPoint? Source,
    ErrorCode Code,
    string Message)
{
    private const int AddressLengthIPv4 = 4;

    internal static PublicationErrorFrame From(in PublicationErrorResponse response) => new(
        response.RegistrationId,
        response.DestinationId,
        response.SessionId,
        response.StreamId,
        response.ReceiverId,
        response.GroupTag,
        response.AddressType switch
        {
            PublicationErrorResponse.AddressIPv4 =>
                new IPEndPoint(new IPAddress(response.Address[..AddressLengthIPv4]), response.Port),
            PublicationErrorResponse.AddressIPv6 => new IPEndPoint(new IPAddress(response.Address), response.Port),
            _ => null,
        },
        (ErrorCode)response.Code,
        Encoding.UTF8.GetString(response.Message));
}
