using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Protocol;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>A stream that wants to be an image: what the conductor needs to make one.</summary>
/// <param name="Endpoint">Endpoint it came to.</param>
/// <param name="Destination">Destination of the endpoint it came to.</param>
/// <param name="Setup">What the sender says of it; checked.</param>
/// <param name="ControlAddress">Where status messages go.</param>
/// <param name="SourceAddress">Where it comes from.</param>
internal readonly record struct ImageRequest(
    ReceiveEndpoint Endpoint,
    ReceiveDestination Destination,
    SetupFrame Setup,
    UdpAddress ControlAddress,
    UdpAddress SourceAddress);

/// <summary>
/// Who makes images: the conductor. It answers with <see cref="Receiver.Add(ReceiveEndpoint, PublicationImage)"/>, or
/// with <see cref="ReceiveEndpoint.AbandonSetup"/> if it cannot.
/// </summary>
internal interface IImageFactory
{
    /// <summary>Called on the receiver's thread; posts to the conductor.</summary>
    void RequestImage(in ImageRequest request);
}
