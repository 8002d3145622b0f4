from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """Make a user who logs in with the address; the address is kept in lower case."""
        if not email:
            raise ValueError("A user needs an e-mail address")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in with an e-mail address. What they may do stands in their memberships."""

    email = models.EmailField(
        "alamat surel", unique=True, error_messages={"unique": "Alamat surel ini sudah dipakai."}
    )
    full_name = models.CharField("nama lengkap", max_length=150)
    is_active = models.BooleanField("aktif", default=True)
    is_staff = models.BooleanField("boleh membuka halaman admin", default=False)
    # Set while the password is a one-time one that an administrator handed over; empty once an own one was chosen.
    one_time_until = models.DateTimeField("kata sandi sekali pakai berlaku sampai", null=True, blank=True)
    date_joined = models.DateTimeField("dibuat pada", default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "pengguna"
        verbose_name_plural = "pengguna"
        ordering = ["full_name", "email"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
        ]

    def __str__(self):
        return self.full_name or self.email

    def save(self, *args, **kwargs):
        self.clean_email()
        super().save(*args, **kwargs)

    def clean(self):
        self.clean_email()

    def clean_email(self):
        self.email = self.email.strip().lower()

    @property
    def must_change_password(self) -> bool:
        return self.one_time_until is not None

    @property
    def one_time_has_expired(self) -> bool:
        return self.one_time_until is not None and self.one_time_until <= timezone.now()

    @property
    def audit_stream(self) -> str:
        """Signing in and out is told in the log of the first office the user worked for."""
        office = self.memberships.order_by("pk").values_list("office_id", flat=True).first()
        return f"office:{office}" if office else "system"

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)
