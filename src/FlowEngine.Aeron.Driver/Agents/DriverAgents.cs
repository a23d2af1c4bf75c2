using FlowEngine.Core.Agents;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// Some of the driver's agents on one thread, in turn. An exception of one is written down and the duty goes on: one
/// bad stream must not take all others with it.
/// </summary>
internal sealed class DriverAgents(string name, Action<Exception> onError, params IAgent[] agents) : IAgent
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public void OnStart()
    {
        foreach (var agent in agents)
        {
            agent.OnStart();
        }
    }

    /// <inheritdoc/>
    public int DoWork(long nowNs)
    {
        var work = 0;
        foreach (var agent in agents)
        {
            try
            {
                work += agent.DoWork(nowNs);
            }
            catch (Exception exception)
            {
                onError(exception);
            }
        }

        return work;
    }

    /// <inheritdoc/>
    public void OnClose()
    {
        // The conductor is the first of them and frees what the others use: it closes last.
        for (var i = agents.Length - 1; i >= 0; i--)
        {
            agents[i].OnClose();
        }
    }
}
