namespace FlowEngine.Aeron.Driver.Media;

/// <summary>A network that loses, doubles and reorders what passes by, as a plan says and from its seed.</summary>
internal sealed class FaultyNetwork : IUdpNetwork
{
    private readonly IUdpNetwork _inner;
    private readonly FaultPlan _plan;
    private int _opened;

    public FaultyNetwork(IUdpNetwork inner, FaultPlan plan)
    {
        plan.Validate();
        _inner = inner;
        _plan = plan;
    }

    /// <inheritdoc/>
    public IUdpTransport Open(in TransportOptions options) =>
        new FaultyTransport(_inner.Open(options), _plan, unchecked((_plan.Seed * 31) + _opened++));
}
