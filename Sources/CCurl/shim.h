// libcurl as Swift sees it: the variadic functions of its interface cannot be imported, so each kind of argument that the
// transport needs gets one typed function here.
#ifndef MEDRESEARCHER_CCURL_SHIM_H
#define MEDRESEARCHER_CCURL_SHIM_H

#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#ifdef __linux__
#include <sys/epoll.h>
#include <sys/eventfd.h>
#endif

typedef size_t (*ccurl_callback)(char *bytes, size_t size, size_t count, void *context);
typedef int (*ccurl_new_socket_callback)(void *context, curl_socket_t socket, curlsocktype purpose);
typedef int (*ccurl_socket_callback)(CURL *easy, curl_socket_t socket, int interest, void *context, void *unused);
typedef int (*ccurl_timer_callback)(CURLM *multi, long milliseconds, void *context);

static inline CURLcode ccurl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

static inline CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_constant_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_callback(CURL *easy, CURLoption option, ccurl_callback value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_new_socket_callback(CURL *easy, void *context, ccurl_new_socket_callback value) {
    curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, context);
    return curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, value);
}

/// Calls back before each socket is made; the callback makes it, or answers CURL_SOCKET_BAD to refuse the address.
static inline CURLcode ccurl_set_open_socket_callback(CURL *easy, void *context, curl_opensocket_callback value) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, context);
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, value);
}

/// Makes the socket that libcurl asks for.
static inline curl_socket_t ccurl_open_socket(const struct curl_sockaddr *address) {
    return socket(address->family, address->socktype, address->protocol);
}

/// Copies an IPv4 (4 bytes) or IPv6 (16 bytes) address in network order and returns its length; 0 for another family.
static inline int ccurl_address_bytes(const struct curl_sockaddr *address, unsigned char *bytes) {
    if (address->family == AF_INET) {
        memcpy(bytes, &((const struct sockaddr_in *)&address->addr)->sin_addr, 4);
        return 4;
    }
    if (address->family == AF_INET6) {
        memcpy(bytes, &((const struct sockaddr_in6 *)&address->addr)->sin6_addr, 16);
        return 16;
    }
    return 0;
}

static inline CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode ccurl_get_size(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode ccurl_multi_set_callbacks(
    CURLM *multi, void *context, ccurl_socket_callback socket, ccurl_timer_callback timer) {
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket);
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
}

// CURL_SOCKET_TIMEOUT is a macro with a cast, which Swift does not import.
static inline CURLMcode ccurl_multi_timers(CURLM *multi, int *running) {
    return curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, running);
}

#ifdef __linux__
// Swift's Glibc module leaves epoll out. Interest and readiness are `CURL_CSELECT_…` masks; the operation is `EPOLL_CTL_…`.
static inline int ccurl_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline int ccurl_epoll_control(int queue, int operation, int socket, int interest) {
    struct epoll_event event;
    event.events = (interest & CURL_CSELECT_IN ? EPOLLIN : 0) | (interest & CURL_CSELECT_OUT ? EPOLLOUT : 0);
    event.data.u64 = (unsigned)socket;
    return epoll_ctl(queue, operation, socket, &event);
}

static inline int ccurl_event_counter_create(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

// Edge-triggered: each write is reported once, though nobody reads the counter back to zero.
static inline int ccurl_epoll_add_event_counter(int queue, int counter) {
    struct epoll_event event;
    event.events = EPOLLIN | EPOLLET;
    event.data.u64 = (unsigned)counter;
    return epoll_ctl(queue, EPOLL_CTL_ADD, counter, &event);
}

static inline int ccurl_epoll_socket(const struct epoll_event *event) { return event->data.fd; }

static inline int ccurl_epoll_readiness(const struct epoll_event *event) {
    return (event->events & EPOLLIN ? CURL_CSELECT_IN : 0) | (event->events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
           (event->events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
}
#endif

// The fields of CURLMsg sit in a union, which Swift would import under a generated name.
static inline CURLcode ccurl_message_result(const CURLMsg *message) { return message->data.result; }

#endif
