using FlowEngine.Client;

namespace FlowEngine.Tests.Engine;

/// <summary>A subscriber that only counts, as its subscription does.</summary>
internal sealed class Quiet : SignalHandler;
