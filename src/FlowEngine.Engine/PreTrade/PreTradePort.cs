using FlowEngine.Aeron;
using FlowEngine.Core;

namespace FlowEngine.Engine;

/// <summary>Where pre-trade questions come in. Ingress thread only.</summary>
[Hot]
public sealed class PreTradePort
{
    private const int FragmentLimit = 4;

    private readonly Subscription _requests;
    private PreTradeIntake _intake;

    /// <summary>Lets <paramref name="intake"/> take what comes on <paramref name="requests"/>.</summary>
    public PreTradePort(Subscription requests, PreTradeIntake intake) => (_requests, _intake) = (requests, intake);

    /// <summary>Takes what is there, some messages at a time.</summary>
    /// <returns>Messages taken.</returns>
    public int Poll() => _requests.ControlledPoll(ref _intake, FragmentLimit);
}
