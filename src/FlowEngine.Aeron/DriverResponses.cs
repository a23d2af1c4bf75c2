using System.Text;
using FlowEngine.Aeron.Control;
using FlowEngine.Aeron.Logs;

namespace FlowEngine.Aeron;

/// <summary>
/// Takes the driver's messages, of which each client gets all, and acts on this client's. Under the conductor's lock.
/// </summary>
internal sealed class DriverResponses(
    ClientConductor conductor, Registrations registrations, ClientResources resources, ClientEvents events)
{
    public void OnMessage(int type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case ResponseType.Error when ErrorResponse.TryRead(body, out var response):
                OnError(response);
                break;
            case ResponseType.PublicationReady when PublicationReadyResponse.TryRead(body, out var response):
                OnPublicationReady(response, RegistrationKind.Publication);
                break;
            case ResponseType.ExclusivePublicationReady when PublicationReadyResponse.TryRead(body, out var response):
                OnPublicationReady(response, RegistrationKind.ExclusivePublication);
                break;
            case ResponseType.SubscriptionReady when IdResponse.TryRead(body, out var response):
                OnSubscriptionReady(response);
                break;
            case ResponseType.AvailableImage when AvailableImageResponse.TryRead(body, out var response):
                OnAvailableImage(response);
                break;
            case ResponseType.UnavailableImage when UnavailableImageResponse.TryRead(body, out var response):
                OnUnavailableImage(response);
                break;
            case ResponseType.OperationSuccess when LongResponse.TryRead(body, out var response):
                Complete(response.Id, RegistrationKind.Command, response.Id);
                break;
            case ResponseType.NextAvailableSessionId when IdResponse.TryRead(body, out var response):
                Complete(response.CorrelationId, RegistrationKind.SessionId, response.Id);
                break;
            case ResponseType.PublicationError when PublicationErrorResponse.TryRead(body, out var response):
                if (resources.HasPublication(response.RegistrationId))
                {
                    events.RaisePublicationError(PublicationErrorFrame.From(response));
                }

                break;
            case ResponseType.ClientTimeout when LongResponse.TryRead(body, out var response):
                OnClientTimeout(response.Id);
                break;
            default:
                OnCounterMessage(type, body);
                break;
        }
    }

    private static bool IsUnmappable(Exception exception) =>
        exception is IOException or InvalidDataException or UnauthorizedAccessException;

    private void OnCounterMessage(int type, ReadOnlySpan<byte> body)
    {
        if (!IdResponse.TryRead(body, out var response) || !conductor.Counters.IsInRange(response.Id))
        {
            return;
        }

        switch (type)
        {
            case ResponseType.CounterReady:
                OnCounterReady(response, RegistrationKind.Counter);
                events.RaiseAvailableCounter(conductor.Counters, response.CorrelationId, response.Id);
                break;
            case ResponseType.StaticCounter:
                OnCounterReady(response, RegistrationKind.StaticCounter);
                break;
            case ResponseType.UnavailableCounter:
                if (resources.Counters.Remove(response.CorrelationId, out var counter))
                {
                    counter.MarkClosed();
                }

                events.RaiseUnavailableCounter(conductor.Counters, response.CorrelationId, response.Id);
                break;
        }
    }

    private void OnClientTimeout(long clientId)
    {
        if (clientId == conductor.ClientId)
        {
            conductor.CloseEverything(new ClientTimeoutException(
                "the driver dropped this client: it was silent for longer than the client liveness timeout"));
        }
    }

    private void OnError(in ErrorResponse response)
    {
        var code = (ErrorCode)response.Code;
        var message = Encoding.UTF8.GetString(response.Message);
        if (code == ErrorCode.ChannelEndpointError)
        {
            // The offending id is the channel's status counter, and may look like a command's.
            resources.ReportEndpointError(unchecked((int)response.OffendingId), message);
        }
        else if (registrations.TryFind(response.OffendingId, out var registration) && !registration.IsDone)
        {
            registration.Fail(new RegistrationException(response.OffendingId, code, message));
        }
    }

    private void OnPublicationReady(in PublicationReadyResponse response, RegistrationKind kind)
    {
        if (!registrations.TryFindOpen(response.CorrelationId, kind, out var registration)
            || !conductor.Counters.IsInRange(response.LimitCounterId))
        {
            return;
        }

        LogBuffers log;
        try
        {
            log = resources.Logs.Acquire(response.RegistrationId, Encoding.UTF8.GetString(response.LogFile));
        }
        catch (Exception exception) when (IsUnmappable(exception))
        {
            registration.Fail(new AeronException(
                $"cannot map the log of {registration.What}: {exception.Message}", exception));
            return;
        }

        var parts = new PublicationParts(
            conductor,
            registration.What,
            response.CorrelationId,
            response.RegistrationId,
            response.SessionId,
            response.StreamId,
            conductor.Counters.Counter(response.LimitCounterId),
            response.ChannelStatusCounterId,
            log);
        if (kind == RegistrationKind.ExclusivePublication)
        {
            var publication = new ExclusivePublication(parts);
            resources.ExclusivePublications.Add(response.CorrelationId, publication);
            CompleteResource(registration, publication);
        }
        else
        {
            var publication = new Publication(parts);
            resources.Publications.Add(response.CorrelationId, publication);
            CompleteResource(registration, publication);
        }
    }

    private void OnSubscriptionReady(in IdResponse response)
    {
        if (registrations.TryFindOpen(response.CorrelationId, RegistrationKind.Subscription, out var registration)
            && registration.Subscription is { } subscription)
        {
            subscription.ChannelStatusId = response.Id;
            resources.Subscriptions.Add(response.CorrelationId, subscription);
            CompleteResource(registration, subscription);
        }
    }

    private void OnAvailableImage(in AvailableImageResponse response)
    {
        if (!resources.Subscriptions.TryGetValue(response.SubscriptionId, out var subscription)
            || !conductor.Counters.IsInRange(response.PositionCounterId))
        {
            return;
        }

        try
        {
            var log = resources.Logs.Acquire(response.ImageId, Encoding.UTF8.GetString(response.LogFile));
            var image = new Image(
                log,
                conductor.Counters.Counter(response.PositionCounterId),
                response.ImageId,
                response.SessionId,
                response.StreamId,
                Encoding.UTF8.GetString(response.SourceIdentity),
                subscription,
                conductor);
            resources.AddImage(subscription, image);
        }
        catch (Exception exception) when (IsUnmappable(exception))
        {
            events.Report(new AeronException(
                $"cannot map the image of session {response.SessionId}: {exception.Message}", exception));
        }
    }

    private void OnUnavailableImage(in UnavailableImageResponse response)
    {
        if (resources.Subscriptions.TryGetValue(response.SubscriptionId, out var subscription))
        {
            resources.RemoveImage(subscription, response.ImageId);
        }
    }

    private void OnCounterReady(in IdResponse response, RegistrationKind kind)
    {
        if (!registrations.TryFindOpen(response.CorrelationId, kind, out var registration))
        {
            return;
        }

        var handle = conductor.Counters.Counter(response.Id);
        var counter = new Counter(
            conductor, response.CorrelationId, handle, isStatic: kind == RegistrationKind.StaticCounter);
        resources.Counters.Add(response.CorrelationId, counter);
        CompleteResource(registration, counter);
    }

    private void Complete(long correlationId, RegistrationKind kind, object result)
    {
        if (registrations.TryFindOpen(correlationId, kind, out var registration))
        {
            registration.Complete(result);
        }
    }

    /// <summary>From now on it is found among the resources.</summary>
    private void CompleteResource(Registration registration, object resource)
    {
        registration.Complete(resource);
        registrations.Remove(registration.CorrelationId);
    }
}
