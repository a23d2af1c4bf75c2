using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>Kill tests run one after the other and beside nothing else: their timeouts are a second.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class KillCollection
{
    public const string Name = "kills";
}
